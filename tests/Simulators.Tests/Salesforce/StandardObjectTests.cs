using static WorkflowEngine.Simulators.Tests.Salesforce.OrgFixture;

namespace WorkflowEngine.Simulators.Tests.Salesforce;

public sealed class StandardObjectTests
{
    [Fact]
    public async Task The_stage_decides_what_an_opportunity_is()
    {
        await using var sf = await Start();
        var id = await sf.Create("Opportunity", """{ "Name": "Roof", "StageName": "Prospecting", "CloseDate": "2026-11-05", "Amount": 200 }""");
        Assert.Equal("False 10 20 4", await Read());
        (await sf.Patch($"{Root}/sobjects/Opportunity/{id}", """{ "StageName": "Closed Won" }""")).Expect(204);
        Assert.Equal("True 100 200 4", await Read());

        async Task<string> Read()
        {
            var r = (await sf.Get($"{Root}/sobjects/Opportunity/{id}")).Expect(200).Json;
            return $"{r.GetProperty("IsWon").GetBoolean()} {r.GetProperty("Probability")} {r.GetProperty("ExpectedRevenue")} {r.GetProperty("FiscalQuarter")}";
        }
    }

    [Fact]
    public async Task An_amount_above_products_is_ignored()
    {
        await using var sf = await Start();
        var book = (await sf.Values("SELECT Id FROM Pricebook2 WHERE IsStandard = TRUE", "Id"))[0];
        var product = await sf.Create("Product2", """{ "Name": "Furnace", "IsActive": true }""");
        var entry = await sf.Create("PricebookEntry", $$"""{ "Pricebook2Id": "{{book}}", "Product2Id": "{{product}}", "UnitPrice": 1200, "IsActive": true }""");
        var id = await sf.Create("Opportunity", """{ "Name": "Heat", "StageName": "Prospecting", "CloseDate": "2026-11-05", "Amount": 1 }""");
        var item = await sf.Create("OpportunityLineItem", $$"""{ "OpportunityId": "{{id}}", "PricebookEntryId": "{{entry}}", "Quantity": 2 }""");
        (await sf.Patch($"{Root}/sobjects/Opportunity/{id}", """{ "Amount": 7, "NextStep": "call" }""")).Expect(204);
        Assert.Equal(["2400"], await sf.Values("SELECT Amount FROM Opportunity WHERE HasOpportunityLineItem = TRUE AND NextStep = 'call'", "Amount"));
        (await sf.Delete($"{Root}/sobjects/OpportunityLineItem/{item}")).Expect(204);
        (await sf.Patch($"{Root}/sobjects/Opportunity/{id}", """{ "Amount": 7 }""")).Expect(204);
        Assert.Equal(["7"], await sf.Values("SELECT Amount FROM Opportunity WHERE HasOpportunityLineItem = FALSE", "Amount"));
    }

    [Fact]
    public async Task A_member_joins_a_campaign_once_and_takes_only_its_statuses()
    {
        await using var sf = await Start();
        var campaign = await sf.Create("Campaign", """{ "Name": "Gold" }""");
        var contact = await sf.Create("Contact", """{ "FirstName": "Dana", "LastName": "Ruiz", "Email": "dana@example.com" }""");
        Assert.Equal(["Sent", "Responded"], await sf.Values($"SELECT Label FROM CampaignMemberStatus WHERE CampaignId = '{campaign}' ORDER BY SortOrder", "Label"));
        var member = await sf.Create("CampaignMember", $$"""{ "CampaignId": "{{campaign}}", "ContactId": "{{contact}}", "Status": "Renewed" }""");
        Assert.Equal(["Sent"], await sf.Values("SELECT Status FROM CampaignMember", "Status"));

        var twice = (await sf.Post($"{Root}/sobjects/CampaignMember", $$"""{ "CampaignId": "{{campaign}}", "ContactId": "{{contact}}" }""")).Expect(400);
        Assert.Equal(("DUPLICATE_VALUE", "Already a campaign member."), (Code(twice), Message(twice)));
        await sf.Create("CampaignMemberStatus", $$"""{ "CampaignId": "{{campaign}}", "Label": "Renewed", "HasResponded": true }""");
        (await sf.Patch($"{Root}/sobjects/CampaignMember/{member}", """{ "Status": "Renewed" }""")).Expect(204);
        Assert.Equal(["Dana Ruiz"], await sf.Values("SELECT Name FROM CampaignMember WHERE Status = 'Renewed' AND HasResponded = TRUE AND Contact.Email = 'dana@example.com' AND Campaign.NumberOfResponses = 1", "Name"));
        Assert.Equal("INVALID_FIELD_FOR_INSERT_UPDATE", Code((await sf.Patch($"{Root}/sobjects/CampaignMember/{member}", $$"""{ "ContactId": "{{contact}}" }""")).Expect(400)));
        (await sf.Delete($"{Root}/sobjects/Contact/{contact}")).Expect(204);
        Assert.Empty(await sf.Values("SELECT Id FROM CampaignMember", "Id"));
    }

    [Fact]
    public async Task A_queue_may_own_a_case_but_not_an_account()
    {
        await using var sf = await Start();
        var queue = (await sf.Values("SELECT Id FROM Group WHERE Type = 'Queue' AND DeveloperName = 'Customer_Care'", "Id"))[0];
        var account = await sf.Create("Account", """{ "Name": "A" }""");
        var contact = await sf.Create("Contact", $$"""{ "LastName": "B", "AccountId": "{{account}}", "Email": "b@example.com" }""");
        await sf.Create("Case", $$"""{ "Subject": "low", "ContactId": "{{contact}}", "OwnerId": "{{queue}}", "Comments": "first words" }""");
        Assert.Equal([account], await sf.Values("SELECT AccountId FROM Case WHERE Owner.Name = 'Customer Care' AND ContactEmail = 'b@example.com'", "AccountId"));
        Assert.Equal(["first words"], await sf.Values("SELECT CommentBody FROM CaseComment WHERE Parent.Subject = 'low'", "CommentBody"));
        Assert.Equal("FIELD_INTEGRITY_EXCEPTION", Code((await sf.Post($"{Root}/sobjects/Account", $$"""{ "Name": "C", "OwnerId": "{{queue}}" }""")).Expect(400)));
        Assert.Equal("INVALID_FIELD", Code((await sf.Query("SELECT Comments FROM Case")).Expect(400)));
    }

    [Fact]
    public async Task An_opportunity_has_one_primary_contact()
    {
        await using var sf = await Start();
        var (a, b) = (await sf.Create("Contact", """{ "LastName": "A" }"""), await sf.Create("Contact", """{ "LastName": "B" }"""));
        var id = await sf.Create("Opportunity", $$"""{ "Name": "Roof", "StageName": "Prospecting", "CloseDate": "2026-11-05", "ContactId": "{{a}}" }""");
        await sf.Create("OpportunityContactRole", $$"""{ "OpportunityId": "{{id}}", "ContactId": "{{b}}", "IsPrimary": true }""");
        Assert.Equal([b], await sf.Values("SELECT ContactId FROM OpportunityContactRole WHERE IsPrimary = TRUE", "ContactId"));
        Assert.Equal(["A", "B"], (await sf.Query("SELECT Id, (SELECT Contact.Name FROM OpportunityContactRoles ORDER BY Contact.Name) FROM Opportunity")).Expect(200)
            .Json.GetProperty("records")[0].GetProperty("OpportunityContactRoles").GetProperty("records").EnumerateArray().Select(r => r.GetProperty("Contact").GetProperty("Name").GetString()));
    }

    [Fact]
    public async Task A_record_type_belongs_to_its_object()
    {
        await using var sf = await Start();
        var type = await sf.Create("RecordType", """{ "Name": "Service", "DeveloperName": "Service", "SobjectType": "Opportunity" }""");
        await sf.Create("Opportunity", $$"""{ "Name": "Roof", "StageName": "Prospecting", "CloseDate": "2026-11-05", "RecordTypeId": "{{type}}" }""");
        Assert.Equal(["Roof"], await sf.Values("SELECT Name FROM Opportunity WHERE RecordType.DeveloperName = 'Service'", "Name"));
        Assert.Equal("INVALID_CROSS_REFERENCE_KEY", Code((await sf.Post($"{Root}/sobjects/Account", $$"""{ "Name": "A", "RecordTypeId": "{{type}}" }""")).Expect(400)));
        var infos = (await sf.Get($"{Root}/sobjects/Opportunity/describe")).Expect(200).Json.GetProperty("recordTypeInfos");
        Assert.Equal(["Service", "Master"], infos.EnumerateArray().Select(i => i.GetProperty("developerName").GetString()));
    }

    [Fact]
    public async Task A_person_account_has_a_contact_of_its_own()
    {
        await using var sf = await Start(o => o with { PersonAccounts = true });
        var person = await sf.Create("Account", """{ "FirstName": "Dana", "LastName": "Ruiz", "PersonEmail": "dana@example.com" }""");
        Assert.Equal(["Dana Ruiz"], await sf.Values("SELECT Name FROM Account WHERE IsPersonAccount = TRUE AND RecordType.DeveloperName = 'PersonAccount'", "Name"));
        Assert.Equal([person], await sf.Values("SELECT AccountId FROM Contact WHERE Email = 'dana@example.com' AND IsPersonAccount = TRUE", "AccountId"));
        (await sf.Patch($"{Root}/sobjects/Account/{person}", """{ "PersonEmail": "ruiz@example.com" }""")).Expect(204);
        Assert.Equal([person], await sf.Values("SELECT AccountId FROM Contact WHERE Email = 'ruiz@example.com'", "AccountId"));
        await sf.Create("Account", """{ "Name": "Acme" }""");
        Assert.Equal("REQUIRED_FIELD_MISSING", Code((await sf.Post($"{Root}/sobjects/Account", """{ "Phone": "1" }""")).Expect(400)));
    }

    [Fact]
    public async Task An_org_without_person_accounts_knows_none_of_their_fields()
    {
        await using var sf = await Start();
        Assert.Equal("INVALID_FIELD", Code((await sf.Post($"{Root}/sobjects/Account", """{ "Name": "Dana Ruiz", "PersonEmail": "dana@example.com" }""")).Expect(400)));
        Assert.Equal("INVALID_FIELD", Code((await sf.Query("SELECT Id FROM Account WHERE IsPersonAccount = TRUE")).Expect(400)));
    }

    [Fact]
    public async Task Accounts_make_no_circle()
    {
        await using var sf = await Start();
        var top = await sf.Create("Account", """{ "Name": "Top" }""");
        var below = await sf.Create("Account", $$"""{ "Name": "Below", "ParentId": "{{top}}" }""");
        Assert.Equal("CIRCULAR_DEPENDENCY", Code((await sf.Patch($"{Root}/sobjects/Account/{top}", $$"""{ "ParentId": "{{below}}" }""")).Expect(400)));
    }

    [Fact]
    public async Task The_recycle_bin_gives_back_a_record_with_its_children()
    {
        await using var sf = await Start();
        var account = await sf.Create("Account", """{ "Name": "A" }""");
        var contact = await sf.Create("Contact", $$"""{ "LastName": "B", "AccountId": "{{account}}" }""");
        (await sf.Delete($"{Root}/sobjects/Account/{account}")).Expect(204);
        var all = (await sf.Get($"{Root}/queryAll?q={Uri.EscapeDataString("SELECT Id FROM Contact WHERE IsDeleted = TRUE")}")).Expect(200).Json;
        Assert.Equal(contact, all.GetProperty("records")[0].GetProperty("Id").GetString());
        (await sf.Post($"/_people/undelete/{account}", "{}")).Expect(204);
        Assert.Equal([account], await sf.Values("SELECT AccountId FROM Contact", "AccountId"));
    }

    [Fact]
    public async Task What_changed_and_what_went_is_told_by_the_minute()
    {
        await using var sf = await Start();
        var kept = await sf.Create("Contact", """{ "LastName": "A" }""");
        var gone = await sf.Create("Contact", """{ "LastName": "B" }""");
        (await sf.Delete($"{Root}/sobjects/Contact/{gone}")).Expect(204);
        sf.Time.Advance(TimeSpan.FromMinutes(5));
        const string Span = "?start=2026-09-14T19:00:00Z&end=2026-09-14T20:05:30Z";
        var updated = (await sf.Get($"{Root}/sobjects/Contact/updated/{Span}")).Expect(200).Json;
        Assert.Equal([kept], updated.GetProperty("ids").EnumerateArray().Select(i => i.GetString()));
        Assert.Equal("2026-09-14T20:05:00.000+0000", updated.GetProperty("latestDateCovered").GetString());
        Assert.Equal(gone, (await sf.Get($"{Root}/sobjects/Contact/deleted/{Span}")).Expect(200).Json.GetProperty("deletedRecords")[0].GetProperty("id").GetString());
        Assert.Equal("INVALID_REPLICATION_DATE", Code((await sf.Get($"{Root}/sobjects/Contact/updated/?start=2026-09-14T20:00:10Z&end=2026-09-14T20:00:50Z")).Expect(400)));
    }
}

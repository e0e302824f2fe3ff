using static WorkflowEngine.Simulators.Tests.Salesforce.OrgFixture;

namespace WorkflowEngine.Simulators.Tests.Salesforce;

public sealed class RowTests
{
    [Fact]
    public async Task Create_read_update_delete_answer_as_documented()
    {
        await using var sf = await OrgFixture.Start();
        var created = (await sf.Post($"{Root}/sobjects/Account", """{ "Name": "  Ruiz Residence ", "Phone": "", "Money__c": 12.345 }""")).Expect(201);
        var id = created.Json.GetProperty("id").GetString();
        Assert.Equal($"{Root}/sobjects/Account/{id}", created.Header("Location"));
        var read = (await sf.Get($"{Root}/sobjects/Account/{id}")).Expect(200).Json;
        Assert.Equal("Ruiz Residence", read.GetProperty("Name").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, read.GetProperty("Phone").ValueKind);
        Assert.Equal("12.35", read.GetProperty("Money__c").GetRawText());
        Assert.Equal("2026-09-14T20:00:00.000+0000", read.GetProperty("SystemModstamp").GetString());
        (await sf.Patch($"{Root}/sobjects/Account/{id}", """{ "Name": "New", "Active__c": true }""")).Expect(204);
        Assert.True((await sf.Get($"{Root}/sobjects/Account/{id}?fields=Name,Active__c")).Json.GetProperty("Active__c").GetBoolean());
        (await sf.Delete($"{Root}/sobjects/Account/{id}")).Expect(204);
        Assert.Equal("ENTITY_IS_DELETED", Code((await sf.Patch($"{Root}/sobjects/Account/{id}", """{ "Name": "x" }""")).Expect(404)));
        Assert.Equal("ENTITY_IS_DELETED", Code((await sf.Delete($"{Root}/sobjects/Account/{id}")).Expect(404)));
        Assert.Equal("NOT_FOUND", Code((await sf.Get($"{Root}/sobjects/Account/001000000000001")).Expect(404)));
    }

    [Theory]
    [InlineData("""{ "FirstName": "A" }""", "REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]")]
    [InlineData("""{ "LastName": "A", "Nope__c": 1 }""", "INVALID_FIELD", "No such column 'Nope__c' on sobject of type Contact")]
    [InlineData("""{ "LastName": "A", "FirstName": "12345678901234567890123456789012345678901" }""", "STRING_TOO_LONG", "First Name: data value too large: 12345678901234567890123456789012345678901 (max length=40)")]
    [InlineData("""{ "LastName": "A", "Email": "no mail" }""", "INVALID_EMAIL_ADDRESS", "Email: invalid email address: no mail")]
    [InlineData("""{ "LastName": "A", "AccountId": "001xx000003DGb2AAG" }""", "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")]
    [InlineData("""{ "LastName": "A", "AccountId": "xyz" }""", "MALFORMED_ID", "Account ID: id value of incorrect type: xyz")]
    [InlineData("""{ "LastName": "A", "Account": { "Key__c": "none" } }""", "INVALID_FIELD", "Foreign key external ID: none not found for field Key__c in entity Account")]
    [InlineData("""{ "LastName": "A", "CreatedDate": "2026-01-01T00:00:00Z" }""", "INVALID_FIELD_FOR_INSERT_UPDATE", null)]
    [InlineData("""{ "LastName": 7 }""", "JSON_PARSER_ERROR", null)]
    [InlineData("""{ "LastName": "A", "DoNotCall": "maybe" }""", "JSON_PARSER_ERROR", null)]
    [InlineData("""{ "LastName": "A", "Birthdate": "yesterday" }""", "JSON_PARSER_ERROR", null)]
    [InlineData("[]", "JSON_PARSER_ERROR", null)]
    [InlineData("{", "JSON_PARSER_ERROR", null)]
    [InlineData("", "JSON_PARSER_ERROR", null)]
    public async Task A_bad_contact_is_refused_in_the_vendors_words(string body, string code, string? message)
    {
        await using var sf = await OrgFixture.Start();
        var reply = (await sf.Post($"{Root}/sobjects/Contact", body)).Expect(400);
        Assert.Equal(code, Code(reply));
        Assert.Equal(message ?? Message(reply), Message(reply));
        Assert.Empty(await sf.Values("SELECT Id FROM Contact", "Id"));
    }

    [Fact]
    public async Task Restricted_picklists_numbers_out_of_range_and_inactive_owners_are_refused()
    {
        await using var sf = await OrgFixture.Start();
        Assert.Equal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", Code(await sf.Post($"{Root}/sobjects/Account", """{ "Name": "A", "Segment__c": "Bronze" }""")));
        Assert.Equal("NUMBER_OUTSIDE_VALID_RANGE", Code(await sf.Post($"{Root}/sobjects/Account", """{ "Name": "A", "Money__c": 1e17 }""")));
        var gone = (await sf.Values("SELECT Id FROM User WHERE IsActive = FALSE", "Id"))[0];
        Assert.Equal("INACTIVE_OWNER_OR_USER", Code(await sf.Post($"{Root}/sobjects/Account", $$"""{ "Name": "A", "OwnerId": "{{gone}}" }""")));
        await sf.Create("Account", """{ "Name": "A", "Segment__c": "Gold", "Type": "Anything goes", "Money__c": "12.5" }""");
    }

    [Fact]
    public async Task Upsert_creates_with_201_updates_with_200_and_names_several_with_300()
    {
        await using var sf = await OrgFixture.Start();
        var created = (await sf.Patch($"{Root}/sobjects/Account/Key__c/a%2Fb", """{ "Name": "A" }""")).Expect(201).Json;
        Assert.True(created.GetProperty("created").GetBoolean());
        var updated = (await sf.Patch($"{Root}/sobjects/Account/Key__c/A%2FB", """{ "Name": "B" }""")).Expect(200).Json;
        Assert.False(updated.GetProperty("created").GetBoolean());
        Assert.Equal(created.GetProperty("id").GetString(), updated.GetProperty("id").GetString());
        (await sf.Patch("/services/data/v45.0/sobjects/Account/Key__c/a%2Fb", """{ "Name": "C" }""")).Expect(204);
        Assert.Equal("C", (await sf.Get($"{Root}/sobjects/Account/Key__c/a%2Fb")).Json.GetProperty("Name").GetString());
        await sf.Create("Account", """{ "Name": "L1", "Loose__c": "x" }""");
        await sf.Create("Account", """{ "Name": "L2", "Loose__c": "x" }""");
        var several = (await sf.Patch($"{Root}/sobjects/Account/Loose__c/x", """{ "Name": "D" }""")).Expect(300).Json;
        Assert.Equal(2, several.GetArrayLength());
        Assert.StartsWith($"{Root}/sobjects/Account/001", several[0].GetString(), StringComparison.Ordinal);
        (await sf.Patch($"{Root}/sobjects/Account/Loose__c/X", """{ "Name": "D" }""")).Expect(201);
    }

    [Fact]
    public async Task Upsert_refuses_unknown_fields_and_its_key_in_the_body()
    {
        await using var sf = await OrgFixture.Start();
        Assert.Equal("NOT_FOUND", Code((await sf.Patch($"{Root}/sobjects/Account/Name/x", """{ "Name": "A" }""")).Expect(404)));
        Assert.Equal("NOT_FOUND", Code((await sf.Patch($"{Root}/sobjects/Account/Gone__c/x", """{ "Name": "A" }""")).Expect(404)));
        Assert.Equal("The Key__c field should not be specified in the sobject data.", Message((await sf.Patch($"{Root}/sobjects/Account/Key__c/x", """{ "Name": "A", "Key__c": "x" }""")).Expect(400)));
        (await sf.Patch($"{Root}/sobjects/Account/Key__c/x?updateOnly=true", """{ "Name": "A" }""")).Expect(404);
    }

    [Fact]
    public async Task A_unique_value_is_taken_once_and_the_error_names_the_owner()
    {
        await using var sf = await OrgFixture.Start();
        var id = await sf.Create("Account", """{ "Name": "A", "Key__c": "k" }""");
        var reply = (await sf.Post($"{Root}/sobjects/Account", """{ "Name": "B", "Key__c": "K" }""")).Expect(400);
        Assert.Equal("DUPLICATE_VALUE", Code(reply));
        Assert.Equal($"duplicate value found: Key__c duplicates value on record with id: {id[..15]}", Message(reply));
        (await sf.Patch($"{Root}/sobjects/Account/{id}", """{ "Key__c": "K" }""")).Expect(204);
        (await sf.Delete($"{Root}/sobjects/Account/{id}")).Expect(204);
        await sf.Create("Account", """{ "Name": "B", "Key__c": "k" }""");
    }

    [Fact]
    public async Task A_contact_is_upserted_by_email_and_may_be_ambiguous()
    {
        await using var sf = await OrgFixture.Start();
        (await sf.Patch($"{Root}/sobjects/Contact/Email/dana@example.com", """{ "LastName": "Ruiz" }""")).Expect(201);
        (await sf.Patch($"{Root}/sobjects/Contact/Email/Dana@example.com", """{ "LastName": "Ruiz" }""")).Expect(200);
        await sf.Create("Contact", """{ "LastName": "Ruiz", "Email": "dana@example.com" }""");
        (await sf.Patch($"{Root}/sobjects/Contact/Email/dana@example.com", """{ "LastName": "Ruiz" }""")).Expect(300);
    }

    [Theory]
    [InlineData("""{ "LastName": "A", "Account": { "Key__c": "k" } }""")]
    [InlineData("""{ "LastName": "A", "Account": { "attributes": { "type": "Account" }, "Key__c": "k" } }""")]
    public async Task A_parent_is_named_by_its_external_id(string body)
    {
        await using var sf = await OrgFixture.Start();
        var account = await sf.Create("Account", """{ "Name": "A", "Key__c": "k" }""");
        var contact = await sf.Create("Contact", body);
        Assert.Equal(account, (await sf.Get($"{Root}/sobjects/Contact/{contact}")).Json.GetProperty("AccountId").GetString());
        (await sf.Delete($"{Root}/sobjects/Account/{account}")).Expect(204);
        Assert.Equal("ENTITY_IS_DELETED", Code((await sf.Get($"{Root}/sobjects/Contact/{contact}")).Expect(404)));
    }

    [Fact]
    public async Task A_custom_object_is_related_to_its_account()
    {
        await using var sf = await OrgFixture.Start();
        await sf.Create("Account", """{ "Name": "A", "Key__c": "k" }""");
        (await sf.Patch($"{Root}/sobjects/Site__c/Site_Id__c/1", """{ "Name": "Home", "Account__r": { "Key__c": "k" } }""")).Expect(201);
        Assert.Equal(["Home"], await sf.Values("SELECT Name, Account__r.Name FROM Site__c WHERE Account__r.Key__c = 'k'", "Name"));
    }

    [Fact]
    public async Task Derived_fields_follow_their_sources()
    {
        await using var sf = await OrgFixture.Start();
        var id = await sf.Create("Opportunity", """{ "Name": "O", "StageName": "Closed Won", "CloseDate": "2026-09-14" }""");
        Assert.True((await sf.Get($"{Root}/sobjects/Opportunity/{id}")).Json.GetProperty("IsWon").GetBoolean());
        (await sf.Patch($"{Root}/sobjects/Opportunity/{id}", """{ "StageName": "Prospecting" }""")).Expect(204);
        Assert.False((await sf.Get($"{Root}/sobjects/Opportunity/{id}")).Json.GetProperty("IsWon").GetBoolean());
        var contact = await sf.Create("Contact", """{ "FirstName": "Mary-Jane", "LastName": "van der Berg" }""");
        Assert.Equal("Mary-Jane van der Berg", (await sf.Get($"{Root}/sobjects/Contact/{contact}")).Json.GetProperty("Name").GetString());
        var @case = await sf.Create("Case", """{ "Subject": "x" }""");
        Assert.Equal("New", (await sf.Get($"{Root}/sobjects/Case/{@case}")).Json.GetProperty("Status").GetString());
    }

    [Fact]
    public async Task Ids_carry_the_suffix_of_the_published_rule()
    {
        await using var sf = await OrgFixture.Start();
        var id = await sf.Create("Account", """{ "Name": "A" }""");
        Assert.Equal(18, id.Length);
        (await sf.Get($"{Root}/sobjects/Account/{id[..15]}")).Expect(200);
        (await sf.Get($"{Root}/sobjects/Account/{id[..17]}9")).Expect(404);
        Assert.Equal("INVALID_QUERY_FILTER_OPERATOR", Code((await sf.Query("SELECT Id FROM Account WHERE Id = 'abc'")).Expect(400)));
        // An id printed in the vendor's guides.
        Assert.Empty(await sf.Values("SELECT Id FROM Account WHERE Id = '001R00000064wc7IAA'", "Id"));
        Assert.Equal("INVALID_QUERY_FILTER_OPERATOR", Code((await sf.Query("SELECT Id FROM Account WHERE Id = '001R00000064wc7IAB'")).Expect(400)));
    }

    [Fact]
    public async Task A_merge_by_people_leaves_the_survivors_id_behind()
    {
        await using var sf = await OrgFixture.Start();
        var keep = sf.Simulator.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Kept" });
        var remove = sf.Simulator.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Lost" });
        await sf.Create("Contact", $$"""{ "LastName": "A", "AccountId": "{{remove}}" }""");
        (await sf.Post("/_people/merge", $$"""{ "keep": "{{keep}}", "remove": "{{remove}}" }""")).Expect(204);
        Assert.Equal([keep], await sf.Values("SELECT AccountId FROM Contact", "AccountId"));
        var all = (await sf.Get($"{Root}/queryAll?q=SELECT+Id,MasterRecordId,IsDeleted+FROM+Account+WHERE+IsDeleted=TRUE")).Json.GetProperty("records")[0];
        Assert.Equal(keep, all.GetProperty("MasterRecordId").GetString());
        Assert.Throws<ArgumentException>(() => sf.Simulator.AddRecord("Account", new Dictionary<string, object?>()));
    }
}

using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.Salesforce;
using static WorkflowEngine.Connectors.Tests.Salesforce.ReadTests;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

/// <summary>What the templates ask of an org, through the connector.</summary>
public sealed class TemplateNeedsTests : IAsyncLifetime
{
    private RunningSimulator<SalesforceSimulator>? _running;

    private SalesforceSimulator Org => _running!.Simulator;

    private IConnection Connection { get; set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _running = await TestOrg.StartAsync(new SimulatorOptions(), Cancel);
        Connection = new SalesforceConnector().Connect(TestOrg.Settings(_running.BaseAddress), new ConnectorContext { Time = new StepClock(), Gate = new RecordingGate(), Entities = TestOrg.Entities() });
        await Connection.OpenAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _running!.DisposeAsync();
    }

    [Fact]
    public async Task A_merge_moves_children_and_may_be_repeated()
    {
        var (keep, lose, other) = (Add("Account", ("Name", "Keep")), Add("Account", ("Name", "Lose")), Add("Account", ("Name", "Other")));
        var contact = Add("Contact", ("LastName", "C"), ("AccountId", lose));
        var merge = Merge("Account", keep, [("Phone", "+12085550100"), ("Website", null)], lose, other);
        for (var again = 0; again < 2; again++)
        {
            var answer = await Connection.WriteAsync(merge, Cancel);
            Assert.Equal((keep, false), (answer.Items[0].Value?.Id, answer.Items[0].Value?.Created ?? true));
        }

        Assert.Equal(keep, Org.Records("Contact", "Id", "AccountId").Single(c => c["Id"] == contact)["AccountId"]);
        Assert.Equal("+12085550100", Assert.Single(Org.Records("Account", "Phone"))["Phone"]);
    }

    [Fact]
    public async Task A_merge_whose_answer_was_lost_is_known_when_it_is_repeated()
    {
        var (keep, lose) = (Add("Contact", ("LastName", "A")), Add("Contact", ("LastName", "B")));
        Org.Faults.Add(new FaultRule { Kind = FaultKind.LostAnswer, Path = "/services/Soap/*", Count = 1 });
        var merge = Merge("Contact", keep, [("FirstName", "Dana")], lose);
        Assert.Equal(ErrorKind.UnknownOutcome, (await Connection.WriteAsync(merge, Cancel)).CallError?.Kind);
        Assert.Equal(keep, (await Connection.WriteAsync(merge, Cancel)).Items[0].Value?.Id);
        Assert.Equal("Dana", Assert.Single(Org.Records("Contact", "FirstName"))["FirstName"]);
    }

    [Fact]
    public async Task A_survivor_that_was_merged_away_itself_is_followed_to_its_master()
    {
        var (master, keep, lose) = (Add("Contact", ("LastName", "M")), Add("Contact", ("LastName", "K")), Add("Contact", ("LastName", "L")));
        await Connection.WriteAsync(Merge("Contact", master, [], keep), Cancel);
        var answer = await Connection.WriteAsync(Merge("Contact", keep, [], lose), Cancel);
        Assert.Equal(master, answer.Items[0].Value?.Id);
        Assert.Single(Org.Records("Contact", "Id"));
    }

    [Fact]
    public async Task A_write_to_a_merged_record_is_a_conflict_that_names_the_survivor()
    {
        var (keep, lose, gone) = (Add("Contact", ("LastName", "A")), Add("Contact", ("LastName", "B")), Add("Contact", ("LastName", "C")));
        await Connection.WriteAsync(Merge("Contact", keep, [], lose), Cancel);
        await Connection.WriteAsync(new WriteBatch { Entity = "Contact", Verb = WriteVerb.Delete, Items = [new WriteItem { Id = gone, Fields = Fields() }] }, Cancel);
        WriteItem Update(string id) => new() { Id = id, Fields = Fields(("FirstName", "X")) };
        var answer = await Connection.WriteAsync(new WriteBatch { Entity = "Contact", Verb = WriteVerb.Update, Items = [Update(keep), Update(lose), Update(gone)] }, Cancel);
        Assert.Equal([null, ErrorKind.Conflict, ErrorKind.Rejected], answer.Items.Select(i => i.Error?.Kind));
        Assert.Equal(("MERGED", keep), (answer.Items[1].Error!.Code, Assert.Single(answer.Items[1].Error!.RecordIds)));
        Assert.Equal("MERGED", (await Connection.WriteAsync(new WriteBatch { Entity = "Contact", Verb = WriteVerb.Update, Items = [Update(lose)] }, Cancel)).Items[0].Error?.Code);
    }

    [Fact]
    public async Task Merges_are_judged_one_by_one()
    {
        var (a, b, gone) = (Add("Contact", ("LastName", "A")), Add("Contact", ("LastName", "B")), "003000000000000AAA");
        var answer = await Connection.WriteAsync(new WriteBatch
        {
            Entity = "Contact",
            Verb = WriteVerb.Merge,
            Items = [Item(gone, [], a), Item(a, [("Email", "nonsense")], b), Item(a, [], b), Item(a, [], a)],
        }, Cancel);
        Assert.Equal([ErrorKind.Rejected, ErrorKind.Rejected, null, null], answer.Items.Select(i => i.Error?.Kind));
        Assert.Equal("INVALID_EMAIL_ADDRESS", answer.Items[1].Error!.Code);
    }

    [Fact]
    public async Task An_expired_session_of_a_merge_is_renewed()
    {
        var (keep, lose) = (Add("Contact", ("LastName", "A")), Add("Contact", ("LastName", "B")));
        await Connection.ReadAsync(Batch("Contact", ["LastName"], Is("LastName", "A")), Cancel);
        Org.Clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(keep, (await Connection.WriteAsync(Merge("Contact", keep, [], lose), Cancel)).Items[0].Value?.Id);
    }

    [Fact]
    public async Task Sums_are_typed_and_nothing_sums_to_zero()
    {
        foreach (var (stage, revenue) in ((string, decimal)[])[("Prospecting", 10.10m), ("Prospecting", 5.05m), ("Closed Won", 7m)])
        {
            Add("Opportunity", ("Name", "x"), ("StageName", stage), ("CloseDate", "2026-11-05"), ("ServiceTitan_Revenue__c", revenue));
        }

        var sums = new AggregateBatch
        {
            Entity = "Opportunity",
            Conditions = [new FieldCondition("StageName", Comparison.In, ["Prospecting"]), new FieldCondition("StageName", Comparison.In, ["Closed Lost"]), new FieldCondition("StageName", Comparison.In, [])],
            Columns = [new("total", AggregateFunction.Sum, "ServiceTitan_Revenue__c"), new("least", AggregateFunction.Min, "ServiceTitan_Revenue__c"), new("day", AggregateFunction.Max, "CloseDate")],
        };
        var rows = (await Connection.AggregateAsync(sums, Cancel)).Items.Select(i => Assert.Single(i.Value!.Rows)).ToArray();
        Assert.Equal((2L, 15.15m, 5.05m, new DateOnly(2026, 11, 5)), (rows[0]["count"], rows[0]["total"], rows[0]["least"], rows[0]["day"]));
        Assert.All(rows[1..], r => Assert.Equal((0L, 0m, null, null), (r["count"], r["total"], r["least"], r["day"])));

        var grouped = (await Connection.AggregateAsync(sums with { Conditions = [new AllOf([])], GroupBy = ["StageName", "Owner.Name"] }, Cancel)).Items[0].Value!.Rows;
        Assert.Equal([("Closed Won", "Integration User", 7m), ("Prospecting", "Integration User", 15.15m)], grouped.OrderBy(r => (string)r["StageName"]!).Select(r => ((string)r["StageName"]!, (string)r["Owner.Name"]!, (decimal)r["total"]!)));
        Assert.Equal(ErrorKind.Misconfigured, (await Connection.AggregateAsync(sums with { Columns = [new("x", AggregateFunction.Sum, "Nope__c")] }, Cancel)).Items[0].Error?.Kind);
    }

    [Fact]
    public async Task A_record_type_is_named_by_its_developer_name()
    {
        var type = Add("RecordType", ("Name", "Service work"), ("DeveloperName", "Service_Work"), ("SobjectType", "Opportunity"));
        WriteItem[] rows = [.. ((string[])["Service_Work", "service_work", "Nope"]).Select(n => new WriteItem
        {
            Fields = Fields(("Name", n), ("StageName", "Prospecting"), ("CloseDate", new DateOnly(2026, 11, 5)), ("RecordTypeId", new ParentReference("RecordType", "DeveloperName", n))),
        })];
        var answer = await Connection.WriteAsync(new WriteBatch { Entity = "Opportunity", Verb = WriteVerb.Create, Items = rows }, Cancel);
        Assert.Equal([true, true, false], answer.Items.Select(i => i.Succeeded));
        Assert.Equal([type, type], Org.Records("Opportunity", "RecordTypeId").Select(r => r["RecordTypeId"]));
    }

    [Fact]
    public async Task An_alerting_duplicate_rule_gives_way_to_the_option_a_blocking_one_does_not()
    {
        await SetUp("duplicateRules", """{ "object": "Contact", "fields": ["Email"] }""");
        await SetUp("duplicateRules", """{ "object": "Contact", "fields": ["MobilePhone"], "action": "block" }""");
        var first = Add("Contact", ("LastName", "A"), ("Email", "a@example.com"), ("MobilePhone", "1"));
        var write = new WriteBatch { Entity = "Contact", Verb = WriteVerb.Create, Items = [new WriteItem { Fields = Fields(("LastName", "B"), ("Email", "a@example.com")) }] };
        var refused = (await Connection.WriteAsync(write, Cancel)).Items[0].Error!;
        Assert.Equal((ErrorKind.Conflict, "DUPLICATES_DETECTED"), (refused.Kind, refused.Code));
        Assert.Equal([first], refused.RecordIds);
        var options = new Dictionary<string, string> { ["duplicateRule"] = "allow" };
        Assert.True((await Connection.WriteAsync(write with { Options = options }, Cancel)).Items[0].Succeeded);
        var blocked = write with { Options = options, Items = [new WriteItem { Fields = Fields(("LastName", "C"), ("MobilePhone", "1")) }] };
        Assert.Equal(ErrorKind.Conflict, (await Connection.WriteAsync(blocked, Cancel)).Items[0].Error?.Kind);
    }

    [Fact]
    public async Task A_case_goes_to_the_owner_set_when_the_assignment_rule_is_off()
    {
        var queue = Org.Records("Group", "Id", "Type").Single(g => g["Type"] == "Queue")["Id"]!;
        var owner = Org.Records("User", "Id", "FirstName").Single(u => u["FirstName"] == "Olivia")["Id"]!;
        var gone = Org.Records("User", "Id", "FirstName").Single(u => u["FirstName"] == "Gone")["Id"]!;
        await SetUp("assignmentRules", $$"""{ "object": "Case", "owner": "{{queue}}" }""");
        var none = new Dictionary<string, string> { ["assignmentRule"] = "none" };
        var write = new WriteBatch { Entity = "Case", Verb = WriteVerb.Create, Items = [new WriteItem { Fields = Fields(("Subject", "x"), ("OwnerId", owner)) }] };
        await Connection.WriteAsync(write, Cancel);
        await Connection.WriteAsync(write with { Options = none }, Cancel);
        Assert.Equal([queue, owner], Org.Records("Case", "OwnerId").Select(c => c["OwnerId"]));
        var error = (await Connection.WriteAsync(write with { Options = none, Items = [new WriteItem { Fields = Fields(("OwnerId", gone)) }] }, Cancel)).Items[0].Error!;
        Assert.Equal((ErrorKind.Rejected, "INACTIVE_OWNER_OR_USER"), (error.Kind, error.Code));
    }

    [Fact]
    public async Task Parents_are_read_and_asked_for_through_their_relationships()
    {
        var account = Add("Account", ("Name", "Acme"), ("ServiceTitan_Customer_Id__c", "7"));
        var (campaign, contact) = (Add("Campaign", ("Name", "Gold")), Add("Contact", ("LastName", "B"), ("AccountId", account)));
        Add("CampaignMember", ("CampaignId", campaign), ("ContactId", contact));
        var batch = Batch("CampaignMember", ["Status", "Contact.Account.Name", "Campaign.Name"], new AllOf([new FieldCondition("Contact.Account.ServiceTitan_Customer_Id__c", Comparison.In, ["7"]), new FieldCondition("CampaignId", Comparison.In, [campaign])]));
        var row = Assert.Single((await Connection.ReadAsync(batch, Cancel)).Items[0].Value!.Rows);
        Assert.Equal("Sent", row["Status"]);
        Assert.Equal("Acme", At(row, "Contact", "Account", "Name"));

        static object? At(object? value, params string[] path) => path.Aggregate(value, (at, name) => ((IReadOnlyDictionary<string, object?>)at!)[name]);
    }

    [Fact]
    public async Task A_deleted_record_is_found_by_its_key_and_taken_back_and_one_that_was_merged_is_not()
    {
        var (keep, lose) = (Add("Account", ("Name", "Keep")), Add("Account", ("Name", "Lose"), ("ServiceTitan_Customer_Id__c", "6")));
        var gone = Add("Account", ("Name", "Gone"), ("ServiceTitan_Customer_Id__c", "7"));
        var contact = Add("Contact", ("LastName", "C"), ("AccountId", gone));
        await Connection.WriteAsync(Merge("Account", keep, [], lose), Cancel);
        await Connection.WriteAsync(new WriteBatch { Entity = "Account", Verb = WriteVerb.Delete, Items = [new WriteItem { Id = gone, Fields = Fields() }] }, Cancel);
        var asked = new ReadBatch
        {
            Entity = "Account", Fields = ["Id", "SystemModstamp"], Deleted = true, RowCap = 10,
            Conditions = [Key("6"), Key("7"), Key("8")],
        };
        Assert.Equal([[], [gone], []], (await Connection.ReadAsync(asked, Cancel)).Items.Select(i => i.Value!.Rows.Select(r => (string)r["Id"]!).ToArray()));

        // Taken back with its children; a second time it lives already, one that was merged does not come back, and one that never was neither.
        Org.Faults.Add(new FaultRule { Kind = FaultKind.LostAnswer, Path = "/services/Soap/*", Count = 1 });
        Assert.Equal(ErrorKind.UnknownOutcome, (await Connection.WriteAsync(Restore(gone), Cancel)).CallError?.Kind);
        var answer = await Connection.WriteAsync(Restore(gone, lose, "001000000000999AAA"), Cancel);
        Assert.Equal(gone, answer.Items[0].Value?.Id);
        Assert.Equal([ErrorKind.Rejected, ErrorKind.Rejected], answer.Items.Skip(1).Select(i => i.Error!.Kind));
        Assert.Equal(new[] { keep, gone }.Order(), Org.Records("Account", "Id").Select(a => a["Id"]).Order());
        Assert.Equal(contact, Assert.Single(Org.Records("Contact", "Id"))["Id"]);

        static FieldCondition Key(string key) => new("ServiceTitan_Customer_Id__c", Comparison.In, [key]);

        static WriteBatch Restore(params string[] ids) => new() { Entity = "Account", Verb = WriteVerb.Restore, Items = [.. ids.Select(i => new WriteItem { Id = i, Fields = Fields() })] };
    }

    [Fact]
    public async Task The_feed_of_deleted_records_names_merged_ones_too()
    {
        var (keep, lose, gone) = (Add("Contact", ("LastName", "A")), Add("Contact", ("LastName", "B")), Add("Contact", ("LastName", "C")));
        await Connection.WriteAsync(Merge("Contact", keep, [], lose), Cancel);
        await Connection.WriteAsync(new WriteBatch { Entity = "Contact", Verb = WriteVerb.Delete, Items = [new WriteItem { Id = gone, Fields = Fields() }] }, Cancel);
        var cursor = new SourceCursor(null, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var page = (await Connection.PollAsync(new PollRequest { Entity = "Contact", Feed = "deleted", Cursor = cursor }, Cancel)).Value!;
        Assert.Equal(new[] { lose, gone }.Order(), page.Rows.Select(r => r.RecordId).Order());
        Assert.All(page.Rows, r => Assert.True(r.Deleted && r.Record is null && r.Stamp is not null));
        Assert.Equal([keep], (await Connection.PollAsync(new PollRequest { Entity = "Contact", Feed = "modified", Cursor = cursor }, Cancel)).Value!.Rows.Select(r => r.RecordId));
    }

    private static WriteBatch Merge(string entity, string keep, (string, object?)[] fields, params string[] lose) => new() { Entity = entity, Verb = WriteVerb.Merge, Items = [Item(keep, fields, lose)] };

    private static WriteItem Item(string keep, (string, object?)[] fields, params string[] lose) => new() { Id = keep, Absorb = lose, Fields = Fields(fields) };

    private static Dictionary<string, object?> Fields(params (string Name, object? Value)[] fields) => fields.ToDictionary(f => f.Name, f => f.Value);

    private async Task SetUp(string kind, string json)
    {
        using var http = new HttpClient { BaseAddress = _running!.BaseAddress };
        using var reply = await http.PostAsync($"/_setup/{kind}", new StringContent(json), Cancel);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync(Cancel));
    }

    private string Add(string type, params (string Name, object? Value)[] fields) => Org.AddRecord(type, fields.ToDictionary(f => f.Name, f => f.Value));
}

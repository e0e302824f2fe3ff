using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;
using static WorkflowEngine.Connectors.Tests.Salesforce.ReadTests;
using static WorkflowEngine.Connectors.Tests.Salesforce.ScriptedOrg;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

/// <summary>Children in the query of their parents: read along, and asked for.</summary>
public sealed class ChildListTests : IAsyncLifetime
{
    private const string Account = "001000000000001AAA";

    private RunningSimulator<SalesforceSimulator>? _running;

    private IConnection Connection { get; set; } = null!;

    private SalesforceSimulator Org => _running!.Simulator;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _running = await TestOrg.StartAsync(new SimulatorOptions { QueryPageSize = 3 }, Cancel);
        Connection = new SalesforceConnector().Connect(TestOrg.Settings(_running.BaseAddress), new ConnectorContext { Time = new StepClock(), Gate = new RecordingGate(), Entities = TestOrg.Entities() });
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _running!.DisposeAsync();
    }

    [Fact]
    public async Task Children_are_one_query_inside_the_query_of_their_parents()
    {
        var org = new ScriptedOrg(_ => Rows($$"""
            {"Id":"{{Account}}","SystemModstamp":"2026-03-14T15:09:26.000+0000","Name":"Ruiz",
             "Contacts":{"totalSize":2,"done":true,"records":[{"attributes":{"type":"Contact"},"Id":"003000000000001AAA","Email":"a@x","Birthdate":"1990-01-02"},{"Id":"003000000000002AAA","Email":null,"Birthdate":null}]},
             "Opportunities":null}
            """));
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Account", ["Name", "Contacts.Email", "Opportunities.Amount", "Contacts.Birthdate", "Contacts"], Is("Name", "Ruiz")), Cancel);

        Assert.Equal(
            "SELECT Id, SystemModstamp, Name, (SELECT Id, Email, Birthdate FROM Contacts ORDER BY Id), (SELECT Id, Amount FROM Opportunities ORDER BY Id) FROM Account WHERE Name = 'Ruiz'",
            Assert.Single(org.Calls).Query);
        var row = Assert.Single(answer.Items[0].Value!.Rows);
        var contacts = Assert.IsAssignableFrom<IReadOnlyList<object?>>(row["Contacts"]).Cast<IReadOnlyDictionary<string, object?>>().ToArray();
        Assert.Equal(["a@x", null], contacts.Select(c => c["Email"]));
        Assert.Equal(new DateOnly(1990, 1, 2), contacts[0]["Birthdate"]);
        Assert.Empty(Assert.IsAssignableFrom<IReadOnlyList<object?>>(row["Opportunities"]));
    }

    [Fact]
    public async Task A_list_named_as_one_of_all_fields_is_not_read()
    {
        var org = new ScriptedOrg(_ => Rows());
        await using var connection = org.Connect();
        await connection.ReadAsync(Batch("Account", ["Name", "Contacts", "Cases"], Is("Name", "Ruiz")), Cancel);
        Assert.Equal("SELECT Id, SystemModstamp, Name FROM Account WHERE Name = 'Ruiz'", Assert.Single(org.Calls).Query);
    }

    [Theory]
    [InlineData("https://evil.example.com/services/data/v67.0/query/x")]
    [InlineData("/services/oauth2/token")]
    public async Task The_rest_of_a_list_is_not_fetched_elsewhere_and_a_list_cut_short_is_no_answer(string next)
    {
        var org = new ScriptedOrg(_ => Rows($$$"""{"Id":"{{{Account}}}","Contacts":{"totalSize":5,"done":false,"nextRecordsUrl":"{{{next}}}","records":[]}}"""));
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Account", ["Contacts.Email"], Is("Name", "Ruiz")), Cancel);
        Assert.Equal("malformed", answer.Items[0].Error?.Code);
        Assert.All(org.Calls, c => Assert.Equal(("acme.my.salesforce.com", "/services/data/v67.0/query"), (c.Host, c.Path)));
    }

    [Fact]
    public async Task All_children_come_however_many_pages_they_take()
    {
        var many = Add("Account", ("Name", "Many"));
        var few = Add("Account", ("Name", "Few"));
        for (var i = 0; i < 8; i++) Add("Contact", ("AccountId", many), ("LastName", $"{i}"));
        Add("Contact", ("AccountId", few), ("LastName", "only"));
        Add("Account", ("Name", "None"));

        var answer = await ReadAsync(Batch("Account", ["Contacts.LastName"], Is("Name", "Many"), Is("Name", "Few"), Is("Name", "None")));

        Assert.Equal(["0,1,2,3,4,5,6,7", "only", ""], answer.Items.Select(i => string.Join(',', Children(Assert.Single(i.Value!.Rows), "Contacts").Select(c => c["LastName"]))));
        // One query, and two pages of the children that did not fit.
        Assert.Equal(3, answer.Calls);
    }

    [Fact]
    public async Task Askers_by_a_childs_value_share_a_query_and_each_gets_its_parents()
    {
        var ruiz = Add("Account", ("Name", "Ruiz"));
        var lee = Add("Account", ("Name", "Lee"));
        Add("Contact", ("AccountId", ruiz), ("LastName", "A"), ("Email", "A@example.com"));
        Add("Contact", ("AccountId", ruiz), ("LastName", "B"), ("Email", "b@example.com"));
        Add("Contact", ("AccountId", lee), ("LastName", "C"), ("Email", "b@example.com"));
        Add("Contact", ("LastName", "Alone"), ("Email", "alone@example.com"));

        var answer = await ReadAsync(Batch("Account", ["Name"], Is("Contacts.Email", "a@example.com"), Is("Contacts.Email", "B@example.com"), Is("Contacts.Email", "alone@example.com")));

        Assert.Null(answer.CallError);
        Assert.Equal(1, answer.Calls);
        Assert.Equal([[ruiz], [ruiz, lee], []], answer.Items.Select(Ids));
    }

    [Fact]
    public async Task What_no_child_has_is_asked_by_leaving_such_parents_out()
    {
        var reached = Add("Account", ("Name", "Reached"));
        var silent = Add("Account", ("Name", "Silent"));
        var empty = Add("Account", ("Name", "Empty"));
        Add("Contact", ("AccountId", reached), ("LastName", "A"), ("Email", "a@example.com"));
        Add("Contact", ("AccountId", reached), ("LastName", "B"));
        Add("Contact", ("AccountId", silent), ("LastName", "C"));
        // A child of nobody must not make everybody a parent of it.
        Add("Contact", ("LastName", "Alone"), ("Email", "alone@example.com"));

        Assert.Equal([reached], await OfAsync(new FieldCondition("Contacts.Email", Comparison.IsNotNull, [])));
        Assert.Equal([silent, empty], await OfAsync(new FieldCondition("Contacts.Email", Comparison.IsNull, [])));
        Assert.Equal([silent, empty], await OfAsync(new FieldCondition("Contacts.Email", Comparison.NotIn, ["a@example.com"])));
        Assert.Equal([reached, silent, empty], await OfAsync(new FieldCondition("Contacts.Email", Comparison.NotIn, ["alone@example.com"])));
        Assert.Equal([reached], await OfAsync(new AllOf([new FieldCondition("Contacts.Email", Comparison.Like, ["A@%"]), new FieldCondition("Contacts.LastName", Comparison.NotIn, ["C"])])));
        // Together they are told apart as each alone.
        var together = await ReadAsync(Batch("Account", ["Name"], new FieldCondition("Contacts.Email", Comparison.IsNull, []), Is("Contacts.LastName", "b"), new FieldCondition("Contacts.Email", Comparison.NotIn, ["a@example.com"])));
        Assert.Equal([[silent, empty], [reached], [silent, empty]], together.Items.Select(Ids));
    }

    [Fact]
    public async Task Either_phone_of_any_child_is_one_question_in_any_spelling()
    {
        var one = Add("Account", ("Name", "One"));
        var two = Add("Account", ("Name", "Two"));
        Add("Contact", ("AccountId", one), ("LastName", "A"), ("Phone", "(208) 555-0142"));
        Add("Contact", ("AccountId", two), ("LastName", "B"), ("MobilePhone", "208.555.0142"));
        Add("Contact", ("AccountId", Add("Account", ("Name", "Three"))), ("LastName", "C"), ("Phone", "208-555-0143"));
        Assert.Equal([one, two], await OfAsync(Is("Contacts.Phone|Contacts.MobilePhone", "+12085550142")));
        Assert.Equal([two], await OfAsync(new AllOf([Is("Contacts.Phone|Contacts.MobilePhone", "+12085550142"), Is("Contacts.LastName", "b")])));
    }

    [Fact]
    public async Task What_salesforce_takes_in_no_one_query_is_asked_in_several_and_found_once()
    {
        var phone = Add("Account", ("Name", "Phone"), ("Phone", "208-555-0142"));
        var both = Add("Account", ("Name", "Both"), ("Phone", "208-555-0142"));
        var child = Add("Account", ("Name", "Child"));
        foreach (var account in (string[])[both, child]) Add("Contact", ("AccountId", account), ("LastName", "A"), ("Email", "a@example.com"));
        var either = new AnyOf([Is("Phone", "+12085550142"), Is("Contacts.Email", "a@example.com")]);

        Assert.Equal([phone, both, child], await OfAsync(either));
        Assert.Equal([both], await OfAsync(new AllOf([either, Is("Name", "both")])));
        Assert.Equal([phone, child], await OfAsync(new AllOf([either, new FieldCondition("Name", Comparison.NotIn, ["Both"])])));
    }

    [Fact]
    public async Task More_lists_at_once_than_salesforce_takes_are_refused_before_they_are_sent()
    {
        var answer = await ReadAsync(Batch("Account", ["Name"], new AllOf([Is("Contacts.Email", "a@x"), Is("Cases.Subject", "s"), Is("Opportunities.Name", "o")]), Is("Name", "Ruiz")));
        Assert.Equal((ErrorKind.Rejected, "condition", true), (answer.Items[0].Error!.Kind, answer.Items[0].Error!.Code, answer.Items[0].Error!.NotExecuted));
        Assert.True(answer.Items[1].Succeeded);
        var order = await ReadAsync(Batch("Account", ["Name"], Is("Name", "Ruiz")) with { OrderBy = [new OrderTerm("Contacts.Email", false)] });
        Assert.Equal((ErrorKind.Bug, "name"), (order.CallError!.Kind, order.CallError.Code));
        var bulk = await Connection.BulkReads!.StartAsync(new BulkRead { Entity = "Account", Fields = ["Contacts.Email"], Condition = Is("Name", "Ruiz") }, Cancel);
        Assert.Equal("children", bulk.Error?.Code);
    }

    [Fact]
    public async Task Sums_over_parents_take_conditions_on_children()
    {
        foreach (var (name, employees, email) in ((string, long, string)[])[("A", 3, "a@x.example"), ("B", 4, "b@x.example"), ("C", 5, "a@x.example")])
        {
            Add("Contact", ("AccountId", Add("Account", ("Name", name), ("NumberOfEmployees", employees))), ("LastName", name), ("Email", email));
        }

        var answer = await Connection.AggregateAsync(
            new AggregateBatch { Entity = "Account", Columns = [new AggregateColumn("sum", AggregateFunction.Sum, "NumberOfEmployees")], Conditions = [Is("Contacts.Email", "a@x.example"), new AnyOf([Is("Contacts.Email", "a@x.example"), Is("Name", "B")])] }, Cancel);
        Assert.Equal(8L, Assert.Single(answer.Items[0].Value!.Rows)["sum"]);
        Assert.Equal("condition", answer.Items[1].Error?.Code);
    }

    [Fact]
    public async Task An_org_tells_which_lists_it_has()
    {
        var described = await Connection.DescribeAsync("Account", Cancel);
        var contacts = described.Value!.Field("Contacts")!;
        Assert.Equal(("Contact", "AccountId"), (contacts.Type.Item!.Entity, contacts.Relationship));
        var org = new ScriptedOrg(_ => Json("""{"name":"Account","fields":[{"name":"Id","type":"id"}],"childRelationships":[{"relationshipName":"Cases","childSObject":"Case","field":"AccountId"},{"relationshipName":null,"childSObject":"Contact","field":"AccountId"}]}"""));
        await using var connection = org.Connect();
        Assert.Equal(["Id", "Cases"], (await connection.DescribeAsync("Account", Cancel)).Value!.Fields.Select(f => f.Name));
    }

    [Fact]
    public async Task Lists_of_an_orgs_own_objects_are_told_read_and_asked_by()
    {
        using var own = System.Text.Json.JsonDocument.Parse("""
            {
              "Visit__c": { "Result__c": { "type": "text", "length": 40 }, "Account__c": { "type": "reference", "to": "Account", "relationshipName": "Visits" } },
              "Part__c": { "Visit__c": { "type": "reference", "to": "Visit__c", "relationshipName": "Parts" } }
            }
            """);
        Org.AddRequired(own.RootElement);
        var described = new List<EntityDescriptor>();
        foreach (var name in (string[])["Account", "Visit__c", "Part__c"]) described.Add((await Connection.DescribeAsync(name, Cancel)).Value!);
        Assert.Equal(("Visit__c", "Account__c"), (described[0].Field("Visits__r")!.Type.Item!.Entity, described[0].Field("Visits__r")!.Relationship));
        Assert.Equal(("Part__c", "Visit__c"), (described[1].Field("Parts__r")!.Type.Item!.Entity, described[1].Field("Parts__r")!.Relationship));

        var ruiz = Add("Account", ("Name", "Ruiz"));
        var visits = new List<string>();
        foreach (var result in (string[])["leak", "fine", "fine", "leak"]) visits.Add(Add("Visit__c", ("Account__c", ruiz), ("Name", $"V{visits.Count}"), ("Result__c", result)));
        Add("Part__c", ("Visit__c", visits[1]), ("Name", "Valve"));
        var lee = Add("Account", ("Name", "Lee"));
        Add("Visit__c", ("Account__c", lee), ("Name", "W"), ("Result__c", "fine"));
        EntityDescriptor[] entities = [.. described.Select(e => ChildLists.Fill(e, child => described.Find(d => d.Name == child)))];
        await using var connection = new SalesforceConnector().Connect(TestOrg.Settings(_running!.BaseAddress), new ConnectorContext { Time = new StepClock(), Gate = new RecordingGate(), Entities = entities });

        var answer = await connection.ReadAsync(Batch("Account", ["Name", "Visits__r.Result__c"], Is("Visits__r.Result__c", "LEAK"), Is("Visits__r.Result__c", "fine")), Cancel);
        Assert.Equal([[ruiz], [ruiz, lee]], answer.Items.Select(Ids));
        // More than one page of them.
        Assert.Equal(["leak", "fine", "fine", "leak"], Children(answer.Items[0].Value!.Rows[0], "Visits__r").Select(v => v["Result__c"]));
        var parts = await connection.ReadAsync(Batch("Visit__c", ["Parts__r.Name"], Is("Parts__r.Name", "Valve")), Cancel);
        Assert.Equal("Valve", Assert.Single(Children(Assert.Single(parts.Items[0].Value!.Rows), "Parts__r"))["Name"]);
    }

    private async Task<string[]> OfAsync(Condition condition)
    {
        var answer = await ReadAsync(Batch("Account", ["Name"], condition));
        return Ids(Assert.Single(answer.Items));
    }

    private static string[] Ids(Outcome<ReadRows> outcome)
    {
        Assert.True(outcome.Succeeded, outcome.Error?.ToString());
        return [.. outcome.Value!.Rows.Select(r => (string)r["Id"]!).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<IReadOnlyDictionary<string, object?>> Children(IReadOnlyDictionary<string, object?> row, string list) => ((IReadOnlyList<object?>)row[list]!).Cast<IReadOnlyDictionary<string, object?>>();

    private string Add(string entity, params (string Name, object? Value)[] fields) => Org.AddRecord(entity, fields.ToDictionary(f => f.Name, f => f.Value));

    private Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch) => Connection.ReadAsync(batch, Cancel);
}

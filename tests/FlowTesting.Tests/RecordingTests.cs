using System.Text.Json.Nodes;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.FlowTesting.Tests;

/// <summary>Tests made of runs, with a flow that finds, adopts and makes records.</summary>
public sealed class RecordingTests
{
    private const string Flow = """
        flow: names
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        parameters:
          owner: { type: salesforce/User }
        requires:
          salesforce:
            Account: { Key__c: { type: text, length: 20, externalId: true, unique: true } }
        trigger: [{ id: changed, on: servicetitan/customer.changed }]
        steps:
          - { id: lines, query: servicetitan/customerContact, where: { customerId: =input.id } }
          - id: account
            upsert: salesforce/Account
            match: [[Key__c], [Name]]
            set:
              Key__c: =input.id
              Name: =input.name
              Phone: =normalize.phone(lines[0]?.value, "US")
              BillingState: =input.address.state
          - id: contact
            upsert: salesforce/Contact
            match: [[Email]]
            set: { Email: '=normalize.email(lines[1]?.value)', LastName: =split.personName(input.name).last }
            setOnCreate: { AccountId: =account.id, OwnerId: =params.owner }
        """;

    private static readonly Dictionary<string, string> Org = new()
    {
        ["customer 7"] = """{ "id": "7", "name": "Dana Whitfield", "active": true, "address": { "street": "1 Oak St", "city": "Boise", "state": "ID", "zip": "83702", "country": "USA" }, "modifiedOn": "2026-03-02T10:00:00Z" }""",
        ["customerContact 71"] = """{ "id": "71", "customerId": "7", "type": "MobilePhone", "value": "(208) 377-1234" }""",
        ["customerContact 72"] = """{ "id": "72", "customerId": "7", "type": "Email", "value": "Dana@whitfield.test" }""",
        ["Account 001A"] = """{ "Id": "001A", "Name": "Dana Whitfield", "Key__c": "7", "Phone": "+12083771234", "OwnerId": "005A" }""",
        ["User 005A"] = """{ "Id": "005A", "LastName": "Seller", "Username": "sam.seller@corp.test", "Email": "sam.seller@corp.test" }""",
    };

    private static readonly RecordedRun Run = new(
        "r1", "names", "changed", "7", new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero),
        [
            new RecordedStep("lines", "customerContact", ["71", "72"], null, null, []),
            new RecordedStep("account", "Account", [], "updated", "001A", ["Key__c", "Phone", "BillingState"]),
            new RecordedStep("contact", "Contact", [], "created", "003NEW", ["Email", "LastName", "AccountId", "OwnerId"]),
        ]) { Parameters = new JsonObject { ["owner"] = "005A" } };

    [Fact]
    public async Task A_run_becomes_a_test_that_holds_and_names_nobody()
    {
        var made = await MakeAsync(Run);
        Assert.Null(made.Problem);
        Assert.Equal("names/recorded.tests.yaml", made.Path);
        foreach (var person in new[] { "Dana", "Whitfield", "whitfield.test", "377", "Oak", "Boise", "Seller", "seller", "corp" }) Assert.DoesNotContain(person, made.Content, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("BillingState: \"ID\"", made.Test, StringComparison.Ordinal);
        Assert.Contains("Id: \"001A\"", made.Test, StringComparison.Ordinal);
        Assert.Contains("OwnerId: \"005A\"", made.Test, StringComparison.Ordinal);
        Assert.Contains("created: { salesforce/Contact: 1 }", made.Test, StringComparison.Ordinal);
        Assert.Contains("repeat: noChange", made.Test, StringComparison.Ordinal);
        Assert.Empty(made.Notes);
        var report = await FlowTestRunner.RunAsync([new SourceText("names/flow.yaml", Flow), new SourceText(made.Path, made.Content)], new FlowTestOptions(), CancellationToken.None);
        Assert.True(report.Succeeded, Template.Shown(report));
    }

    [Fact]
    public async Task The_test_fails_when_the_flow_does_otherwise()
    {
        var made = await MakeAsync(Run);
        var report = await FlowTestRunner.RunAsync(
            [new SourceText("names/flow.yaml", Flow.Replace("BillingState: =input.address.state", "BillingState: =input.address.zip", StringComparison.Ordinal)), new SourceText(made.Path, made.Content)], new FlowTestOptions(), CancellationToken.None);
        Assert.False(report.Succeeded);
    }

    [Fact]
    public async Task A_test_stands_behind_those_that_are_there()
    {
        const string Tests = "flow: names\ntests:\n  - name: nothing happens\n    expect: { created: { salesforce/Account: 0 } }\n    given: { parameters: { owner: x }, salesforce: { User: [{ Id: x, LastName: X, Username: x@demo.example, Email: x@demo.example }] } }\n";
        var made = await MakeAsync(Run, new SourceText("names/recorded.tests.yaml", Tests));
        Assert.Null(made.Problem);
        Assert.StartsWith(Tests.TrimEnd(), made.Content, StringComparison.Ordinal);
        var report = await FlowTestRunner.RunAsync([new SourceText("names/flow.yaml", Flow), new SourceText(made.Path, made.Content)], new FlowTestOptions(), CancellationToken.None);
        Assert.True(report.Succeeded, Template.Shown(report));
        Assert.Equal(2, report.Tests.Count);
    }

    [Fact]
    public async Task What_the_run_did_otherwise_is_told()
    {
        var made = await MakeAsync(Run with { Steps = [.. Run.Steps, new RecordedStep("note", "Task", [], "created", "00TNEW", ["Subject"])] });
        Assert.Contains(made.Notes, n => n.Contains("'note created Task'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("(start)", "7", "neither by the change of a record")]
    [InlineData("changed", "8", "is gone or cannot be read")]
    public async Task What_no_test_can_be_made_of_is_told(string trigger, string record, string problem) =>
        Assert.Contains(problem, (await MakeAsync(Run with { Trigger = trigger, Record = record })).Problem, StringComparison.Ordinal);

    [Fact]
    public async Task A_flow_that_is_not_there_is_told() => Assert.Contains("no flow 'other'", (await MakeAsync(Run with { Flow = "other" })).Problem, StringComparison.Ordinal);

    private static Task<RecordedTest> MakeAsync(RecordedRun run, params SourceText[] more) => RecordedTests.MakeAsync(
        [new SourceText("names/flow.yaml", Flow), .. more], run,
        (_, entity, field, value, _) => Task.FromResult<IReadOnlyList<JsonObject>>(
            [.. Org.Where(r => r.Key.StartsWith(entity + " ", StringComparison.Ordinal)).Select(r => JsonNode.Parse(r.Value)!.AsObject()).Where(r => r[field]?.ToString() == value)]),
        null, CancellationToken.None);
}

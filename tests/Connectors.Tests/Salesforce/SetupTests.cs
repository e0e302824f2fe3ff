using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Simulators;
using static WorkflowEngine.Connectors.Tests.Salesforce.ScriptedOrg;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

public sealed class SetupTests
{
    private static readonly FieldDescriptor[] Needed =
    [
        new() { Name = "ServiceTitan_Job_Id__c", Type = new FieldType { Kind = FieldKind.Text, Length = 20 }, ExternalId = true, Unique = true, Creatable = true, Updatable = true },
        new() { Name = "New_Key__c", Type = new FieldType { Kind = FieldKind.Text, Length = 40 }, ExternalId = true, Unique = true, Creatable = true, Updatable = true },
        new() { Name = "New_Amount__c", Type = new FieldType { Kind = FieldKind.Decimal, Scale = 2 }, Creatable = true, Updatable = true },
        new() { Name = "New_Kind__c", Type = new FieldType { Kind = FieldKind.Choice, Choices = ["Morning", "Any"], OpenChoices = true }, Creatable = true, Updatable = true },
        new() { Name = "New_Flag__c", Type = FieldType.Of(FieldKind.Boolean), Creatable = true, Updatable = true },
        new() { Name = "New_Story__c", Type = new FieldType { Kind = FieldKind.LongText, Length = 32_000 }, Creatable = true, Updatable = true },
        new() { Name = "New_Parent__c", Type = FieldType.IdOf("Account"), Creatable = true, Updatable = true },
        new() { Name = "New_Day__c", Type = FieldType.Of(FieldKind.Date), Creatable = true, Updatable = true },
        new() { Name = "New_Moment__c", Type = FieldType.Of(FieldKind.Instant), Creatable = true, Updatable = true },
    ];

    [Fact]
    public async Task What_is_missing_is_told_created_granted_and_then_missing_no_more()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var running = await TestOrg.StartAsync(new SimulatorOptions(), cancel);
        await using var connection = new SalesforceConnector().Connect(TestOrg.Settings(running.BaseAddress), new ConnectorContext { Time = new StepClock(), Gate = new RecordingGate() });
        await connection.OpenAsync(cancel);
        var setup = connection.Setup!;
        EntityDescriptor[] required = [new() { Name = "Opportunity", Fields = Needed }, new() { Name = "Thing__c", Fields = [Needed[1]] }];

        var gaps = (await setup.MissingAsync(required, cancel)).Value!;
        Assert.Equal([.. Needed.Skip(1).Select(f => ("Opportunity", f.Name, SetupGapKind.Field)), ("Thing__c", "", SetupGapKind.Object)], gaps.Select(g => (g.Entity, g.Field?.Name ?? "", g.Kind)));

        var made = await setup.CreateAsync(gaps, cancel);
        Assert.All(made.SkipLast(1), m => Assert.True(m.Succeeded, m.Error?.ToString()));
        Assert.Equal(ErrorKind.Misconfigured, made[^1].Error?.Kind);
        Assert.All(await setup.CreateAsync([.. gaps.SkipLast(1)], cancel), m => Assert.True(m.Succeeded, m.Error?.ToString()));
        // Made, but nobody may see them yet.
        Assert.Equal(gaps.SkipLast(1).Select(g => g.Field!.Name), (await setup.MissingAsync([required[0]], cancel)).Value!.Select(g => g.Field!.Name));
        Assert.Null(await setup.GrantAsync("Workflow_Engine", [.. gaps.SkipLast(1)], cancel));
        Assert.Empty((await setup.MissingAsync([required[0]], cancel)).Value!);
        // Granting again is no error.
        Assert.Null(await setup.GrantAsync("Workflow_Engine", [.. gaps.SkipLast(1)], cancel));

        var described = (await connection.DescribeAsync("Opportunity", cancel)).Value!;
        var key = described.Field("New_Key__c")!;
        Assert.Equal((true, true, 40, true), (key.ExternalId, key.Unique, key.Type.Length, key.IgnoreCase));
        Assert.Equal("Account", described.Field("New_Parent__c")!.Type.Entity);
        Assert.Equal(["Morning", "Any"], described.Field("New_Kind__c")!.Type.Choices!);
    }

    [Fact]
    public async Task A_field_that_exists_but_does_not_do_says_why()
    {
        var org = new ScriptedOrg(_ => Json("""
            {"name":"Opportunity","createable":true,"fields":[
              {"name":"ServiceTitan_Job_Id__c","type":"string","length":10,"createable":true,"updateable":false,"externalId":false,"unique":false,"filterable":true},
              {"name":"New_Amount__c","type":"string","length":10,"createable":true,"updateable":true},
              {"name":"New_Parent__c","type":"reference","referenceTo":["Contact"],"createable":true,"updateable":true}]}
            """));
        await using var connection = org.Connect();
        var gaps = (await connection.Setup!.MissingAsync([new EntityDescriptor { Name = "Opportunity", Fields = [Needed[0], Needed[2], Needed[6]] }], default)).Value!;

        Assert.Equal([SetupGapKind.Type, SetupGapKind.ExternalId, SetupGapKind.Unique, SetupGapKind.Writable, SetupGapKind.Type, SetupGapKind.Type], gaps.Select(g => g.Kind));
        Assert.All(gaps, g => Assert.False(g.CanCreate));
    }

    [Fact]
    public async Task Fields_are_granted_to_the_user_of_the_connection_through_a_permission_set()
    {
        var org = new ScriptedOrg(sent => sent.Path switch
        {
            var p when p.EndsWith("/query", StringComparison.Ordinal) => Rows(),
            var p when p.EndsWith("/composite/sobjects", StringComparison.Ordinal) => Json("""[{"id":"01k000000000001AAA","success":true,"errors":[]},{"success":false,"errors":[{"statusCode":"DUPLICATE_VALUE","message":"duplicate value found: <unknown>","fields":[]}]}]"""),
            _ => Json("""{"id":"0PS000000000001AAA","success":true,"errors":[]}""", 201),
        });
        await using var connection = org.Connect();
        await connection.OpenAsync(default);
        var gaps = Needed.Take(2).Select(f => new SetupGap("Opportunity", f, SetupGapKind.Field, "")).ToArray();
        Assert.Null(await connection.Setup!.GrantAsync("Workflow_Engine", gaps, default));

        var sent = org.Calls.ToArray();
        Assert.EndsWith("WHERE Name = 'Workflow_Engine'", sent[0].Query, StringComparison.Ordinal);
        Assert.EndsWith("/sobjects/PermissionSet", sent[1].Path, StringComparison.Ordinal);
        var permission = JsonDocument.Parse(sent[2].Body).RootElement.GetProperty("records")[0];
        Assert.Equal(("0PS000000000001AAA", "Opportunity.ServiceTitan_Job_Id__c", true), (permission.GetProperty("ParentId").GetString(), permission.GetProperty("Field").GetString(), permission.GetProperty("PermissionsEdit").GetBoolean()));
        Assert.Equal("0055e000000RepAAAA", JsonDocument.Parse(sent[3].Body).RootElement.GetProperty("AssigneeId").GetString());
    }
}

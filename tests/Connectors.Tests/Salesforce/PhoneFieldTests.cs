using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Simulators;
using static WorkflowEngine.Connectors.Tests.Salesforce.ReadTests;
using static WorkflowEngine.Connectors.Tests.Salesforce.ScriptedOrg;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

/// <summary>Phones by a field in which the org keeps their digits, and by spellings where it keeps none.</summary>
public sealed class PhoneFieldTests
{
    private const string Setting = "Contact.Phone = Phone_Digits__c, Contact.MobilePhone = Mobile_Digits__c";
    private const string Asked = "+12085550142";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_kept_field_is_asked_in_three_forms_and_no_spelling_goes_out()
    {
        var org = new ScriptedOrg(_ => Rows());
        await using var connection = org.Connect(settings: new Dictionary<string, string> { ["phoneFields"] = Setting });
        await connection.ReadAsync(Batch("Contact", ["LastName"], Is("Phone|MobilePhone", Asked)), Cancel);
        Assert.Equal(
            "SELECT Id, SystemModstamp, LastName, Phone_Digits__c, Mobile_Digits__c FROM Contact WHERE Phone_Digits__c IN ('+12085550142','12085550142','2085550142') OR Mobile_Digits__c IN ('+12085550142','12085550142','2085550142') ORDER BY Id LIMIT 201",
            Assert.Single(org.Calls).Query);
    }

    [Fact]
    public async Task Phone_fields_that_are_not_named_go_by_spellings_on()
    {
        var org = new ScriptedOrg(_ => Rows());
        await using var connection = org.Connect(settings: new Dictionary<string, string> { ["phoneFields"] = "Contact.Phone = Phone_Digits__c" });
        await connection.ReadAsync(Batch("Account", ["Name"], Is("Phone", Asked)), Cancel);
        Assert.Contains("Phone IN ('+12085550142','12085550142','2085550142','(208) 555-0142'", Assert.Single(org.Calls).Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "(208) 555-0142,208.555.0142,+1 208 555 0142")]
    [InlineData(Setting, "(208) 555-0142,208.555.0142,+1 208 555 0142,1/208/555-0142,208 - 555 - 0142")]
    public async Task Each_setting_finds_what_it_says_in_an_org(string setting, string found)
    {
        await using var running = await TestOrg.StartAsync(new SimulatorOptions(), Cancel);
        using var requires = JsonDocument.Parse("""{ "Contact": { "Phone_Digits__c": { "type": "text", "length": 40, "digitsOf": "Phone" }, "Mobile_Digits__c": { "type": "text", "length": 40, "digitsOf": "MobilePhone" } } }""");
        running.Simulator.AddRequired(requires.RootElement);
        await using var connection = new SalesforceConnector().Connect(TestOrg.Settings(running.BaseAddress, null, ("phoneFields", setting)), new ConnectorContext { Time = new StepClock(), Gate = new RecordingGate(), Entities = TestOrg.Entities() });
        string[] typed = ["(208) 555-0142", "208.555.0142", "+1 208 555 0142", "1/208/555-0142", "208 - 555 - 0142", "(208) 555-0143"];
        foreach (var phone in typed)
        {
            // Through the API, as people's own entries come: the org fills in what it keeps.
            var made = await connection.WriteAsync(new WriteBatch { Entity = "Contact", Verb = WriteVerb.Create, Items = [new WriteItem { Fields = new Dictionary<string, object?> { ["LastName"] = phone, ["Phone"] = phone } }] }, Cancel);
            Assert.True(made.Items[0].Succeeded, made.Items[0].Error?.ToString());
        }

        var answer = await connection.ReadAsync(Batch("Contact", ["LastName"], Is("Phone|MobilePhone", Asked), Is("Phone|MobilePhone", "+12085550143"), Is("Phone|MobilePhone", "+12085550144")), Cancel);

        Assert.Null(answer.CallError);
        Assert.Equal([found, "(208) 555-0143", ""], answer.Items.Select(i => string.Join(',', i.Value!.Rows.Select(r => r["LastName"]))));
    }

    [Fact]
    public async Task A_kept_field_the_org_lacks_is_misconfigured_and_named()
    {
        await using var running = await TestOrg.StartAsync(new SimulatorOptions(), Cancel);
        await using var connection = new SalesforceConnector().Connect(TestOrg.Settings(running.BaseAddress, null, ("phoneFields", Setting)), new ConnectorContext { Time = new StepClock(), Gate = new RecordingGate(), Entities = TestOrg.Entities() });
        var error = (await connection.ReadAsync(Batch("Contact", ["LastName"], Is("Phone", Asked)), Cancel)).Items[0].Error!;
        Assert.Equal(ErrorKind.Misconfigured, error.Kind);
        Assert.Equal(["Phone_Digits__c"], error.Fields);
    }

    [Theory]
    [InlineData("Contact.Phone")]
    [InlineData("Phone = Phone_Digits__c")]
    [InlineData("Contact.Phone = Phone Digits")]
    [InlineData("Contact.Phone = A__c, Contact.Phone = B__c")]
    public void A_setting_that_names_no_fields_is_refused(string setting)
    {
        var problem = Assert.Single(new SalesforceConnector().Validate(TestOrg.Settings(new Uri("http://127.0.0.1:1"), null, ("phoneFields", setting))));
        Assert.Equal("settings.phoneFields", problem.Path);
    }
}

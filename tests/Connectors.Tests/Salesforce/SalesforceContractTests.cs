using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

public sealed class SalesforceContractTests : ConnectorContract
{
    private RunningSimulator<SalesforceSimulator>? _running;
    private string _contact = "";

    protected override Simulator Simulator => _running!.Simulator;

    protected override IConnector Connector { get; } = new SalesforceConnector();

    // The token endpoint must go on working while calls fail.
    protected override string Paths => "/services/data/*";

    protected override async Task StartAsync()
    {
        _running = await TestOrg.StartAsync(new SimulatorOptions(), Cancel);
        _contact = _running.Simulator.AddRecord("Contact", new Dictionary<string, object?> { ["LastName"] = "Whitfield", ["Email"] = "dana@example.com" });
    }

    protected override async Task StopAsync() => await _running!.DisposeAsync();

    protected override ConnectionSettings Settings() => TestOrg.Settings(_running!.BaseAddress);

    protected override ConnectionSettings WithSecrets(string secret) => TestOrg.Settings(_running!.BaseAddress, secret);

    protected override ConnectionSettings Unreachable() => TestOrg.Settings(new Uri("http://127.0.0.1:9"));

    protected override ReadBatch SampleRead() => ReadTests.Batch("Contact", ["Email"], ReadTests.Is("Email", "dana@example.com"));

    protected override WriteBatch SampleCreate() => new()
    {
        Entity = "Contact",
        Verb = WriteVerb.Create,
        Items = [new WriteItem { Fields = new Dictionary<string, object?> { ["LastName"] = "O'Brien" } }],
    };

    protected override WriteBatch SampleUpdate() => new()
    {
        Entity = "Contact",
        Verb = WriteVerb.Update,
        Items = [new WriteItem { Id = _contact, Fields = new Dictionary<string, object?> { ["FirstName"] = "Dana" } }],
    };

    protected override int CountOfSamples() => _running!.Simulator.Records("Contact", "Id").Count;
}

using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

public sealed class SalesforceContractTests : BulkContract
{
    private RunningSimulator<SalesforceSimulator>? _running;
    private string _contact = "";

    protected override Simulator Simulator => _running!.Simulator;

    protected override IConnector Connector { get; } = new SalesforceConnector();

    // The token endpoint must go on working while calls fail.
    protected override string Paths => "/services/data/*";

    protected override async Task StartAsync()
    {
        _running = await TestOrg.StartAsync(new SimulatorOptions { BulkDelay = TimeSpan.FromMinutes(1) }, Cancel);
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

    protected override WriteBatch SampleWave(int rows, IReadOnlyCollection<int> bad) => new()
    {
        Entity = "Contact",
        Verb = WriteVerb.Create,
        Priority = CallPriority.Backfill,
        Items = [.. Enumerable.Range(0, rows).Select(i => new WriteItem { Fields = new Dictionary<string, object?> { ["FirstName"] = $"{i}", ["LastName"] = bad.Contains(i) ? null : "Wave, \"and\"\nmore" } })],
    };

    protected override BulkRead SampleBulkRead() => new() { Entity = "Contact", Fields = ["FirstName"], Condition = new FieldCondition("LastName", Comparison.Like, ["Wave%"]) };

    protected override string? MadeOf(int row) => _running!.Simulator.Records("Contact", "Id", "FirstName").FirstOrDefault(r => r["FirstName"] == $"{row}")?["Id"];

    protected override void Finish() => _running!.Simulator.Clock.Advance(TimeSpan.FromMinutes(2));
}

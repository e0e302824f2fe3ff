using WorkflowEngine.Abstractions;
using WorkflowEngine.ServiceTitan;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

public sealed class ServiceTitanContractTests : ConnectorContract
{
    private RunningSimulator<ServiceTitanSimulator>? _running;
    private long _customer;

    protected override Simulator Simulator => _running!.Simulator;

    protected override IConnector Connector { get; } = new ServiceTitanConnector();

    // The token endpoint must go on working while calls fail.
    protected override string Paths => "/crm/*";

    protected override async Task StartAsync()
    {
        _running = await SimulatorHost.StartAsync(new ServiceTitanSimulator(new SimulatorOptions { Rate = 0 }), Cancel);
        _customer = _running.Simulator.AddCustomer(new CustomerSeed { Name = "Dana Whitfield" });
    }

    protected override async Task StopAsync() => await _running!.DisposeAsync();

    protected override ConnectionSettings Settings() => TestTenant.Settings(_running!.BaseAddress);

    protected override ConnectionSettings WithSecrets(string secret) => TestTenant.Settings(_running!.BaseAddress, secret: secret);

    protected override ConnectionSettings Unreachable() => TestTenant.Settings(new Uri("http://127.0.0.1:9"));

    protected override ReadBatch SampleRead() => TestTenant.CustomersById([_customer.ToString(System.Globalization.CultureInfo.InvariantCulture)]);

    protected override WriteBatch SampleCreate() => TestTenant.NewCustomer("Sean O'Brien");

    protected override WriteBatch SampleUpdate() => new()
    {
        Entity = "customer",
        Verb = WriteVerb.Update,
        Items = [new WriteItem { Id = _customer.ToString(System.Globalization.CultureInfo.InvariantCulture), Fields = new Dictionary<string, object?> { ["doNotMail"] = true } }],
    };

    protected override int CountOfSamples() => _running!.Simulator.Statistics.Rows.GetValueOrDefault("customers.created");
}

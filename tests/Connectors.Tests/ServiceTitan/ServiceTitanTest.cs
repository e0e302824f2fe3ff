using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.ServiceTitan;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

/// <summary>A simulator and a connection to it.</summary>
public abstract class ServiceTitanTest : IAsyncLifetime
{
    private RunningSimulator<ServiceTitanSimulator>? _running;

    protected StepClock Clock { get; } = new();

    protected RecordingGate Gate { get; } = new();

    protected ServiceTitanSimulator Simulator => _running!.Simulator;

    protected IConnection Connection { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected virtual SimulatorOptions Options => new() { Rate = 0, FeedPageSize = 3, FeedRepeatWindow = TimeSpan.Zero };

    protected virtual (string Name, string Value)[] More => [];

    public async ValueTask InitializeAsync()
    {
        _running = await SimulatorHost.StartAsync(new ServiceTitanSimulator(Options), Cancel);
        Connection = Connect(More);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _running!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected IConnection Connect(params (string Name, string Value)[] more) =>
        new ServiceTitanConnector().Connect(TestTenant.Settings(_running!.BaseAddress, null, more), new ConnectorContext { Time = Clock, Gate = Gate, Seed = 1 });

    protected long Add(CustomerSeed seed) => Simulator.AddCustomer(seed);

    protected string Id(CustomerSeed seed) => Text(Simulator.AddCustomer(seed));

    protected static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;
using WorkflowEngine.Salesforce;
using WorkflowEngine.ServiceTitan;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.FlowTesting;

/// <summary>Both systems, the engine and the time of one test.</summary>
internal sealed class TestWorld : IAsyncDisposable
{
    /// <summary>How long everything goes on after the last event: parked runs, hand-overs and retries within it happen.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromMinutes(30);

    private readonly TestBench _bench;
    private readonly ServiceTitanSimulator _tenant;
    private readonly SalesforceSimulator _org;
    private readonly CrashSwitch _crash;
    private readonly Traffic _traffic = new();
    private readonly IReadOnlyList<IConnector> _connectors;
    private readonly Dictionary<string, ISystemRecords> _records;
    private readonly Dictionary<string, RecordReading> _readings = [];
    private readonly TenantRecords _tenantRecords;
    private readonly OrgRecords _orgRecords;
    private TestEngine? _engine;

    public TestWorld(TestBench bench, FaultPlan faults, DateTimeOffset now, bool personAccounts, FlowTestTrouble trouble)
    {
        _bench = bench;
        Now = now;
        // What is given stands there since yesterday: the engine, deployed now, does not take it for news.
        Time = new VirtualTime(now - TimeSpan.FromDays(1));
        var options = new SimulatorOptions
        {
            TimeProvider = Time, Rate = 0, FeedRepeatWindow = TimeSpan.FromSeconds(1), DailyApiLimit = 10_000_000, PersonAccounts = personAccounts, LateVisibility = trouble.LateVisibility,
        };
        (_tenant, _org) = (new ServiceTitanSimulator(options), new SalesforceSimulator(options));
        _crash = new CrashSwitch(faults, trouble.Kills);
        _connectors =
        [
            new MarkedConnector(new ServiceTitanConnector(() => new TroubledTransport(_tenant, faults, _crash, _traffic))),
            new MarkedConnector(new SalesforceConnector(() => new TroubledTransport(_org, faults, _crash, _traffic))),
        ];
        _tenantRecords = new TenantRecords(_tenant, TestSettings.TenantAddress, Names, name => Entity("servicetitan", name));
        _orgRecords = new OrgRecords(_org, TestSettings.OrgAddress, Names, name => Entity("salesforce", name));
        _records = new Dictionary<string, ISystemRecords> { ["servicetitan"] = _tenantRecords, ["salesforce"] = _orgRecords };
        Load = bench.Load;
        _readings["servicetitan"] = Reading(new ServiceTitanConnector(() => new SimulatorTransport(_tenant)), "servicetitan");
        _readings["salesforce"] = Reading(new SalesforceConnector(() => new SimulatorTransport(_org)), "salesforce");
    }

    public VirtualTime Time { get; }

    public DateTimeOffset Now { get; }

    public RecordNames Names { get; } = new();

    public WorkspaceLoad Load { get; }

    /// <summary>Effect boundaries reached, and how often the engine died at a given one.</summary>
    public (long Boundaries, int Kills) Deaths => (_crash.Boundaries, _crash.Kills);

    public FlowHost Host => _engine!.Host;

    /// <summary>Gives the org the fields that the flows require.</summary>
    public void SetUp(IEnumerable<FlowDefinition> flows, IReadOnlyDictionary<string, string>? names = null)
    {
        foreach (var flow in flows) OrgFields.Apply(_org, flow, names);
    }

    /// <summary>The connector's name of a logical connection; null when the flow has no such connection.</summary>
    public string? System(string connection) => _bench.Connections.GetValueOrDefault(connection);

    public ISystemRecords Records(string system) => _records[system];

    public RecordReading Reading(string system) => _readings[system];

    /// <summary>The system that has the entity; its name may be said as <c>connection/Entity</c>.</summary>
    public (string? System, string Entity) Find(string entity)
    {
        if (entity.Split('/') is [var connection, var name]) return (System(connection), name);
        foreach (var system in _readings)
        {
            if (system.Value.Entity(entity) is not null) return (system.Key, entity);
        }

        return (null, entity);
    }

    /// <summary>The engine begins, with the deployments as planned.</summary>
    public async Task<IReadOnlyList<string>> StartAsync(IReadOnlyList<PlannedDeployment> planned, CoverageRecorder? coverage, CancellationToken cancellationToken)
    {
        Time.AdvanceTo(Now);
        (_engine, var problems) = await TestEngine.StartAsync(
            _connectors, _bench.Ground!, Load with { Deployments = planned }, Time, _crash, _traffic,
            coverage is null ? static evaluator => evaluator : coverage.Around, _bench.Logs, cancellationToken).ConfigureAwait(false);
        return problems;
    }

    /// <summary>Time passes while everything goes on.</summary>
    public Task<string?> PassAsync(TimeSpan time, CancellationToken cancellationToken) => _engine!.SettleAsync(Time.GetUtcNow() + time, cancellationToken);

    public Task<string?> SettleAsync(CancellationToken cancellationToken) => PassAsync(Afterwards, cancellationToken);

    /// <summary>Another engine that remembers nothing, over the same systems: all that happened since the test began reaches it again.</summary>
    public async Task<IReadOnlyList<string>> StartAgainAsync(IReadOnlyList<PlannedDeployment> planned, CancellationToken cancellationToken)
    {
        await _engine!.DisposeAsync().ConfigureAwait(false);
        (_engine, var problems) = await TestEngine.StartAsync(
            _connectors, _bench.Ground!, Load with { Deployments = [.. planned.Select(p => p with { Since = Now })] }, Time, _crash, _traffic, static evaluator => evaluator, _bench.Logs, cancellationToken).ConfigureAwait(false);
        return problems;
    }

    public async Task<SortedDictionary<string, string>> SnapshotAsync(CancellationToken cancellationToken)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (system, records) in _records)
        {
            foreach (var (name, text) in await records.SnapshotAsync(cancellationToken).ConfigureAwait(false)) all[$"{system} {name}"] = text;
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync().ConfigureAwait(false);
        foreach (var reading in _readings.Values) await reading.DisposeAsync().ConfigureAwait(false);
        _tenantRecords.Dispose();
        _orgRecords.Dispose();
    }

    public static DateTimeOffset? ReadTime(Located<string>? text) => text is null ? null
        : DateTimeOffset.TryParse(text.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private EntityDescriptor? Entity(string system, string name) => _readings[system].Entity(name);

    private RecordReading Reading(IConnector connector, string system) =>
        new(connector, TestSettings.All.First(s => s.Connector == system), FlowEntities.Of(connector.Descriptor, _bench.Flows.Select(f => f.Compiled!)), Time);
}

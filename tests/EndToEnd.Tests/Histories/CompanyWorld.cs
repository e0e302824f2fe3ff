using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Cli;
using WorkflowEngine.Definitions;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.FlowTesting;
using WorkflowEngine.Hosting;
using WorkflowEngine.Salesforce;
using WorkflowEngine.ServiceTitan;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.Seeds;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.EndToEnd.Tests.Histories;

/// <summary>
/// Three templates that meet at the same records (customers, jobs, sales) between both simulators, through the real connectors and on a real database, on a virtual clock. The vendors' clocks go
/// wrong by a seed; the engine dies at boundaries by a seed and is started again.
/// </summary>
internal sealed class CompanyWorld : IAsyncDisposable
{
    private static readonly string[] Deployed = ["customer-to-salesforce", "won-opportunity-to-job", "completed-job-to-opportunity"];
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 16, 0, 0, TimeSpan.Zero);
    private static readonly Lazy<FlowBundle> Bundle = new(() => FlowBundle.Compile(FlowPaths.Read([.. Deployed.Select(d => Path.Combine(WorkspaceFolder.Repository(), "flows", d))]), Installed.Catalog));
    private static readonly Lazy<Task<SharedGround>> Empty = new(() => SharedGround.MakeAsync(
        new FlowHostOptions { Connectors = Installed.Connectors, Database = "", Durable = false, Environment = static _ => null }, default));

    private readonly VirtualTime _time = new(Begin);
    private readonly SystemControls _people;
    private readonly SystemControls _tenant;
    private TestEngine _engine = null!;

    private CompanyWorld(int seed, IReadOnlyList<long> deaths)
    {
        var random = new Random(seed);
        Crash = new CrashSwitch(new FaultPlan([]), deaths);
        ServiceTitan = new ServiceTitanSimulator(Options(random, seed));
        Salesforce = new SalesforceSimulator(Options(random, seed));
        _people = new SystemControls(new SimulatorTransport(Salesforce), TestSettings.OrgAddress);
        _tenant = new SystemControls(new SimulatorTransport(ServiceTitan), TestSettings.TenantAddress);
    }

    public CrashSwitch Crash { get; }

    public ServiceTitanSimulator ServiceTitan { get; }

    public SalesforceSimulator Salesforce { get; }

    public FlowHost Host => _engine.Host;

    /// <summary>Rows written in both systems so far, by whomever.</summary>
    public long Written => Salesforce.Statistics.Rows.Values.Sum(r => (long)r) + ServiceTitan.Statistics.Rows.Values.Sum(r => (long)r);

    public static async Task<CompanyWorld> StartAsync(int seed, IReadOnlyList<long> deaths)
    {
        var world = new CompanyWorld(seed, deaths);
        var work = new DemoWork(DemoScenario.Build(0, 1), world.ServiceTitan, world.Salesforce, seed: 1);
        DemoScenario.Build(0, 1).Prepare(world.Salesforce);
        foreach (var flow in Bundle.Value.Flows) OrgFields.Apply(world.Salesforce, flow.Definition);
        var (planned, found) = (new List<PlannedDeployment>(), new List<Diagnostic>());
        foreach (var (name, template, yaml) in DemoDeployments.Of(work, work.Seller).Where(d => Deployed.Contains(d.Template)))
        {
            var definition = DeploymentParser.Parse(new SourceText(name, DemoDeployments.File(name, template, yaml))).Value!;
            planned.AddRange(DeploymentBinder.Bind(definition, Bundle.Value, TestSettings.All.ToDictionary(s => s.Name, s => s.Connector), static _ => null, found));
        }

        Assert.DoesNotContain(found, d => d.IsError);
        var (none, traffic) = (new FaultPlan([]), new Traffic());
        var load = new WorkspaceLoad { Connections = TestSettings.All, Deployments = planned, Flows = Bundle.Value, Diagnostics = [] };
        (world._engine, var problems) = await TestEngine.StartAsync(
            [
                new ServiceTitanConnector(() => new TroubledTransport(world.ServiceTitan, none, world.Crash, traffic)),
                new SalesforceConnector(() => new TroubledTransport(world.Salesforce, none, world.Crash, traffic)),
            ],
            await Empty.Value, load, world._time, world.Crash, traffic, static e => e, NullLoggerFactory.Instance, default);
        Assert.Empty(problems);
        // A vendor whose clock is behind has stamps of before the deployment for a while.
        if (await world.PassAsync(TimeSpan.FromMinutes(5)) is { } restless) throw new InvalidOperationException("The company does not begin: " + restless);
        return world;
    }

    /// <summary>Everything that happened is read and run, and so much time passes. The word says why it does not come to rest.</summary>
    public Task<string?> PassAsync(TimeSpan time) => _engine.SettleAsync(_time.GetUtcNow() + time, default);

    /// <summary>Time passes and nothing is read.</summary>
    public void Skip(TimeSpan time) => _time.AdvanceTo(_time.GetUtcNow() + time);

    /// <summary>A web hook at a record of ServiceTitan comes, as a delivery of its own. Where the engine is dead nobody takes it, and the vendor's feed tells the record all the same.</summary>
    public async Task HintAsync(string entity, string record, int delivery)
    {
        if (Crash.IsDead) return;
        var deployment = Host.Runtime.Registry.All.First();
        var hint = new WebhookHint(entity, new SourceRow { RecordId = record, Stamp = $"late {delivery}/{entity}" });
        await _engine.AskAsync(host => host.Runtime.HintAsync(deployment.Ref.Workspace, deployment.Connections["servicetitan"].Realm, [hint], default), default);
    }

    /// <summary>All records of ServiceTitan by kind.</summary>
    public async Task<JsonObject> TenantAsync() => (JsonObject)(await _tenant.SendAsync(HttpMethod.Get, "/_records", null, default)).Body!;

    /// <summary>Somebody deletes a record in Salesforce.</summary>
    public Task DeleteAsync(string type, string id) => _people.SendAsync(HttpMethod.Delete, $"/_people/{type}/{id}", null, default);

    /// <summary>Somebody merges two records in Salesforce.</summary>
    public Task MergeAsync(string keep, string remove) => _people.SendAsync(HttpMethod.Post, "/_people/merge", new JsonObject { ["keep"] = keep, ["remove"] = remove }, default);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _people.Dispose();
        _tenant.Dispose();
    }

    /// <summary>A vendor: its clock is up to a minute and a half wrong, its feed repeats rows, its new records are shown late.</summary>
    private SimulatorOptions Options(Random random, int seed) => new()
    {
        TimeProvider = new WrongTime(_time, TimeSpan.FromSeconds(random.Next(-90, 90))), Seed = seed, LateVisibility = TimeSpan.FromSeconds(random.Next(2) * random.Next(50)),
        FeedRepeatWindow = TimeSpan.FromSeconds(random.Next(1, 45)), FeedPageSize = random.Next(2, 40), DailyApiLimit = 50_000,
    };

    /// <summary>A clock that is always so much wrong.</summary>
    private sealed class WrongTime(TimeProvider right, TimeSpan by) : TimeProvider
    {
        public override long TimestampFrequency => right.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + by;

        public override long GetTimestamp() => right.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => right.CreateTimer(callback, state, dueTime, period);
    }
}

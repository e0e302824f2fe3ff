using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Expressions.Execution;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>A runtime on a virtual clock between a fake source and a fake target; can be killed and started again on the same store and vendors.</summary>
public class RuntimeHarness : IAsyncDisposable
{
    public const string Workspace = "default";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ExpressionEngine _engine = new();
    private readonly List<(CompiledFlow Flow, Guid Id, IReadOnlyDictionary<string, object?> Parameters)> _flows = [];
    private HarnessNode? _node;

    public RuntimeHarness(InMemoryStores? stores = null)
    {
        Time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        Stores = stores ?? new InMemoryStores();
        Source = new FakeVendor(Time);
        Target = new FakeVendor(Time);
    }

    public FakeTimeProvider Time { get; }

    public InMemoryStores Stores { get; }

    public FakeVendor Source { get; }

    public FakeVendor Target { get; }

    /// <summary>The runtime that is handed what a test hands in.</summary>
    public virtual EngineRuntime Runtime => _node?.Runtime!;

    public FakeConnection SourceConnection => _node!.Source;

    public FakeConnection TargetConnection => _node!.Target;

    public RuntimeOptions Options { get; set; } = new();

    public BatcherOptions Batching { get; set; } = new();

    public TimeSpan Settle { get; set; } = TimeSpan.FromMinutes(1);

    public IEffectBoundary Boundary { get; set; } = NoBoundary.Instance;

    public ILoggerFactory Logs { get; set; } = NullLoggerFactory.Instance;

    /// <summary>Calls per second the target allows; null = no budget.</summary>
    public double? TargetRate { get; set; }

    /// <summary>Most rows in one call of the target.</summary>
    public int TargetBatch { get; set; } = 200;

    /// <summary>What stands between the engine and its store.</summary>
    public Func<IStoreWriter, IStoreWriter> Disk { get; set; } = static writer => writer;

    /// <summary>What stands around the stores that are read.</summary>
    public Func<RuntimeStores, RuntimeStores> Reads { get; set; } = static stores => stores;

    /// <summary>Deploys a flow; before or after the start.</summary>
    public DeploymentRef Deploy(CompiledFlow flow, IReadOnlyDictionary<string, object?>? parameters = null, DeploymentRef? replaces = null)
    {
        if (replaces is { } old) _flows.RemoveAll(f => f.Id == old.Id);
        var id = replaces?.Id ?? new Guid(_flows.Count + 1, 0, 0, new byte[8]);
        _flows.Add((flow, id, parameters ?? new Dictionary<string, object?>()));
        if (_node is { } node) node.Runtime.Registry.Set(Bind(_flows[^1], node.Source, node.Target));
        return new DeploymentRef(Workspace, id);
    }

    public virtual async Task StartAsync()
    {
        _node = NewNode(new EmbeddedOwnership(), static writer => writer);
        await _node.Runtime.StartAsync(CancellationToken.None);
    }

    /// <summary>The process dies without a word.</summary>
    public virtual void Kill() => _node?.Process.Kill();

    /// <summary>
    /// The process that was started last was killed. Who kills from inside of it is waited for by this, not by what it says just before: started meanwhile, the next process would be the one that is killed.
    /// </summary>
    public bool IsDead => _node is { Process.IsDead: true };

    /// <summary>Dies and starts again.</summary>
    public virtual async Task RestartAsync()
    {
        Kill();
        await StartAsync();
    }

    /// <summary>A process over the store and the vendors, with all that is deployed.</summary>
    protected HarnessNode NewNode(IOwnership ownership, Func<IStoreWriter, IStoreWriter> fence)
    {
        var process = new FakeProcess();
        var stores = Reads(Stores.Open(process));
        var writer = new GroupCommitWriter(Disk(fence(stores.Writer)), NullLogger<GroupCommitWriter>.Instance);
        var source = new FakeConnection(Source, process, "source:1");
        var target = new FakeConnection(Target, process, "target:1", TargetBatch) { Budget = NewBudget(ownership) };
        var registry = new DeploymentRegistry((_, _, _) => Task.FromResult<ActiveDeployment?>(null));
        var runtime = new EngineRuntime(new EngineParts
        {
            Stores = stores, Commit = writer, Evaluator = new JavaScriptEvaluator(_engine), Registry = registry, Time = Time, Options = Options, Batching = Batching,
            Boundary = Boundary, Logs = Logs, Ownership = ownership,
        });
        foreach (var flow in _flows) registry.Set(Bind(flow, source, target));
        return new HarnessNode(process, writer, runtime, source, target);
    }

    /// <summary>Waits until all that the engine has given to the store so far is kept: the writer takes it in order.</summary>
    public Task StoredAsync() => _node!.Writer.CommitAsync(CommitQueue.Settlement, new ChangeSet([]));

    /// <summary>A set of the intake that brings no event, as a page without news does.</summary>
    public Task WithoutNewsAsync() => _node!.Writer.CommitAsync(CommitQueue.Intake, new ChangeSet([]));

    /// <summary>Accepts a change of a record of the source, as its feed would.</summary>
    public async Task ChangedAsync(DeploymentRef deployment, string recordId, bool hint = true, string? version = null, CallPriority priority = CallPriority.Live)
    {
        var active = Runtime.Registry.Find(deployment)!;
        var trigger = active.Flow.Triggers[0];
        var record = Source.All(trigger.Entity!.Name).FirstOrDefault(r => (string)r["id"]! == recordId);
        var row = new SourceRow { RecordId = recordId, Version = version ?? (string?)record?["version"], Record = hint ? null : record };
        var factory = new EventFactory(new JavaScriptEvaluator(_engine), Time);
        var (key, _, _) = await factory.KeyAsync(active, trigger, record, recordId, CancellationToken.None);
        await Runtime.Intake.AppendAsync(factory.Change(active, trigger, row, key!, hint ? null : record, priority));
    }

    /// <summary>Accepts a payload for the webhook trigger.</summary>
    public Task<Acceptance> PostAsync(DeploymentRef deployment, params (string Field, object? Value)[] payload)
    {
        var active = Runtime.Registry.Find(deployment)!;
        return Runtime.Intake.AcceptAsync(active, active.Flow.Triggers[0], payload.ToDictionary(p => p.Field, p => p.Value), CancellationToken.None);
    }

    /// <summary>Waits until nothing can run now.</summary>
    /// <exception cref="TimeoutException">The runtime does not come to rest; says what is left.</exception>
    public virtual async Task IdleAsync()
    {
        try
        {
            await Runtime.WaitIdleAsync(CancellationToken.None).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the runtime does not come to rest at {Time.GetUtcNow():HH:mm:ss.fffffff}: {Runtime.RunsInMemory} runs in memory, next due {Runtime.NextDue:HH:mm:ss.fffffff}\n{Stores.Left}");
        }
    }

    /// <summary>Lets the virtual time pass until everything accepted is settled, at most this long.</summary>
    public async Task DrainAsync(TimeSpan most)
    {
        await IdleAsync();
        var end = Time.GetUtcNow() + most;
        while (Stores.Pending + Stores.Planned > 0 && Stores.NextDue is { } due && due <= end)
        {
            if (due > Time.GetUtcNow()) Time.Advance(due - Time.GetUtcNow());
            await IdleAsync();
        }
    }

    public async Task AdvanceAsync(TimeSpan by)
    {
        Time.Advance(by);
        await IdleAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Kill();
        await ValueTask.CompletedTask;
        _engine.Dispose();
    }

    private (RealmGate, TimeProvider)? NewBudget(IOwnership ownership)
    {
        var alone = ownership is EmbeddedOwnership;
        if (TargetRate is null && alone) return null;
        var passing = new PassingTime(Time);
        var gate = new RealmGate(passing, alone ? null : ownership);
        gate.Configure(new RealmBudget { PerSecond = TargetRate });
        return (gate, passing);
    }

    private ActiveDeployment Bind((CompiledFlow Flow, Guid Id, IReadOnlyDictionary<string, object?> Parameters) deployed, FakeConnection source, FakeConnection target) => new()
    {
        Ref = new DeploymentRef(Workspace, deployed.Id), Name = deployed.Flow.Id, Flow = deployed.Flow, CreatedAt = Time.GetUtcNow(), Parameters = deployed.Parameters,
        Connections = deployed.Flow.Connections.Keys.ToDictionary(n => n, n => n == "source" ? Bind(n, source, Source) : Bind(n, target, Target)),
    };

    private BoundConnection Bind(string name, FakeConnection connection, FakeVendor vendor) => new()
    {
        Name = name, Workspace = Workspace, Realm = name + ":1", Connection = connection, Settle = Settle,
        Descriptor = new ConnectorDescriptor { Name = name, Title = name, Entities = [.. vendor.Entities.Select(e => e.Descriptor)], Settle = Settle },
    };
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Execution;
using WorkflowEngine.Runtime;
using WorkflowEngine.Storage;
using DeploymentState = WorkflowEngine.Runtime.DeploymentState;

namespace WorkflowEngine.Hosting;

/// <summary>An engine with its store, connections and deployments in one process.</summary>
public sealed class FlowHost : IAsyncDisposable, IDeadLetterReplay
{
    private readonly FlowHostOptions _options;
    private readonly EngineStores _stores;
    private readonly GroupCommitWriter _commit;
    private readonly ExpressionEngine _expressions;
    private readonly ConcurrentDictionary<string, HostedWorkspace> _workspaces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<DeploymentRef, PlannedDeployment> _planned = new();
    private readonly ConcurrentDictionary<(string Workspace, string Hash), bool> _keptVersions = new();
    private readonly AlertDesk _alerts;
    private readonly SchemaWatch _schemas;
    private int _disposed;
    private readonly ILogger<FlowHost> _log;

    private FlowHost(FlowHostOptions options, EngineStores stores)
    {
        _options = options;
        _stores = stores;
        _log = options.Logs.CreateLogger<FlowHost>();
        var crash = CrashBoundary.Of(options.Environment);
        var writer = options.Writer(crash is null ? stores.Writer : new BoundaryWriter(stores.Writer, crash));
        _commit = new GroupCommitWriter(writer, options.Logs.CreateLogger<GroupCommitWriter>());
        _expressions = options.Expressions ?? new ExpressionEngine();
        Evaluator = new JavaScriptEvaluator(_expressions);
        _expressions.Abandoned += Lost;
        Budgets = new RealmBudgets(options.Time, options.IsShared ? options.Ownership : null);
        if (options.IsShared) stores.FenceBy(options.Ownership);

        Settings = new WorkspaceSettings
        {
            Drafts = stores.Drafts, Templates = stores.Templates, Connections = stores.Connections, DeploymentVersions = stores.DeploymentVersions,
            HookTokens = stores.HookTokens, AccessKeys = stores.AccessKeys, Audit = stores.Audit,
        };
        Runtime = new EngineRuntime(new EngineParts
        {
            Stores = new RuntimeStores
            {
                Writer = writer, Inbox = stores.Inbox, KeyStates = stores.KeyStates, Links = stores.Links, Cursors = stores.Cursors,
                DeadLetters = stores.DeadLetters, Incidents = stores.Incidents, Runs = stores.Runs, Reviews = stores.Reviews, Backfills = stores.Backfills, BulkJobs = stores.BulkJobs, History = stores.History,
            },
            Commit = _commit,
            Evaluator = options.Evaluator(Evaluator),
            Registry = new DeploymentRegistry(FindVersionAsync),
            Time = options.Time,
            Ownership = options.Ownership,
            Batching = options.Batching,
            Options = options.Runtime,
            Boundary = (IEffectBoundary?)crash ?? options.Boundary,
            FreeBytes = stores.FreeBytesAsync,
            Logs = options.Logs,
        });
        _alerts = new AlertDesk(this, stores.Cursors, stores.Incidents, options.Logs.CreateLogger<AlertDesk>());
        _schemas = new SchemaWatch(this, stores.Cursors, stores.Incidents, options.Logs.CreateLogger<SchemaWatch>());
        View = new EngineView { Runs = stores.Runs, DeadLetters = stores.DeadLetters, Incidents = stores.Incidents, Inbox = stores.Inbox, Deployments = stores.Deployments };
    }

    public EngineRuntime Runtime { get; }

    public EngineView View { get; }

    /// <summary>Names of the deployments of the workspace that is followed.</summary>
    public DeploymentNames Names => Workspace(_options.Workspace).Names;

    /// <summary>Every workspace there is.</summary>
    internal IEnumerable<HostedWorkspace> Workspaces => _workspaces.Values;

    /// <summary>Connections of the workspace that is followed.</summary>
    public ConnectionBook Connections => Workspace(_options.Workspace).Connections;

    public RealmBudgets Budgets { get; }

    /// <summary>What workspaces are told to be.</summary>
    public WorkspaceSettings Settings { get; }

    /// <summary>Tokens of inbound calls.</summary>
    public HookBook Hooks { get; } = new();

    /// <summary>Evaluates outside of runs.</summary>
    internal IEvaluator Evaluator { get; }

    internal ILinkStore Links => _stores.Links;

    /// <summary>Leases of lanes, where several processes share the database.</summary>
    public LeaseStore Leases => _stores.Leases;

    /// <summary>Whether several processes share the database: what one is told the others follow.</summary>
    public bool IsShared => _options.IsShared;

    /// <summary>The SQLite file; null when the database is a server.</summary>
    internal string? DatabaseFile => HostStores.IsServer(_options) ? null : _options.Database;

    /// <summary>The master key's file; null when the key was given.</summary>
    internal string? KeyFile => _options.MasterKey is not null ? null : _options.KeyFile ?? (DatabaseFile is { } file ? Path.ChangeExtension(file, ".key") : "flow.key");

    /// <summary>A deployment that runs, as it was described; null when it is not known here.</summary>
    internal PlannedDeployment? PlannedOf(DeploymentRef deployment) => _planned.GetValueOrDefault(deployment);

    /// <summary>The connectors installed.</summary>
    public IReadOnlyList<IConnector> Connectors => _options.Connectors;

    public TimeProvider Time => _options.Time;

    /// <summary>Transactions and change sets so far.</summary>
    public (long Commits, long Sets) Writes => (_commit.Commits, _commit.Sets);

    /// <summary>A workspace; one that nothing is known of yet is empty.</summary>
    public HostedWorkspace Workspace(string name) => _workspaces.GetOrAdd(
        name, static (name, host) => new HostedWorkspace(
            name, new DeploymentNames(name), new ConnectionBook(name, host._options.Connectors, host.Budgets, host._options.Time), host.IsShared ? host._stores.Leases.AloneAsync : null), this);

    /// <summary>Opens the store; nothing runs yet.</summary>
    /// <exception cref="StorageProblemException">The store cannot be opened.</exception>
    public static async Task<FlowHost> OpenAsync(FlowHostOptions options, CancellationToken cancellationToken) =>
        new(options, await HostStores.OpenAsync(options, cancellationToken).ConfigureAwait(false));

    /// <summary>Takes a workspace as it was read: opens connections, verifies the orgs, activates. What cannot be opened now is told and left for the next try.</summary>
    /// <returns>One sentence for each deployment that is not active.</returns>
    public async Task<IReadOnlyList<string>> TakeAsync(WorkspaceLoad load, CancellationToken cancellationToken)
    {
        var workspace = Workspace(_options.Workspace);
        await using (await workspace.ChangeAsync(cancellationToken).ConfigureAwait(false)) return await TakeAsync(workspace, load, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<string>> TakeAsync(HostedWorkspace workspace, WorkspaceLoad load, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var flows = load.Flows.Flows.Select(f => f.Compiled).OfType<CompiledFlow>().ToList();
        foreach (var settings in load.Connections)
        {
            if (workspace.KeptConnections.ContainsKey(settings.Name)) problems.Add($"The connection '{settings.Name}' is kept by the API; the file of the same name is not used.");
            else await ConnectAsync(workspace, settings, flows, cancellationToken).ConfigureAwait(false);
        }

        var known = await _stores.Deployments.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        foreach (var planned in load.Deployments)
        {
            if (workspace.Kept.ContainsKey(planned.Name)) problems.Add($"The deployment '{planned.Name}' is kept by the API; the file of the same name is not used.");
            else if (await DeployAsync(workspace, planned, known, resume: false, cancellationToken).ConfigureAwait(false) is { } problem) problems.Add(problem);
        }

        var described = load.Deployments.Select(d => d.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var active in Runtime.Registry.All)
        {
            if (active.Ref.Workspace != workspace.Name || workspace.Kept.ContainsKey(active.Name) || described.Contains(active.Name)) continue;
            Runtime.Registry.SetState(active.Ref, DeploymentState.Paused, "Its file was taken away.");
        }

        var fields = FieldGraph.OfRunning(this, workspace);
        foreach (var deployment in load.Deployments.Select(d => d.Group ?? d.Name).Distinct(StringComparer.Ordinal))
        {
            foreach (var shared in fields.Of(deployment)) HostLog.Shared(_log, HostingDiagnostics.FieldsShared(new SourceText(deployment, "").SpanOf(0, 0), shared).Message);
        }

        return problems;
    }

    /// <summary>Cancelled when the process should end gracefully and be started again: threads are lost in expressions that do not come back.</summary>
    public CancellationToken Worn => _expressions.Worn;

    /// <summary>Begins to poll and to run.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Runtime.StartAsync(cancellationToken).ConfigureAwait(false);
        _alerts.Start();
        _schemas.Start();
    }

    /// <summary>Begins to run what is handed in; sources are not asked.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="tick">Schedules tick all the same.</param>
    public Task StartWithoutSourcesAsync(CancellationToken cancellationToken, bool tick = false) => Runtime.StartAsync(cancellationToken, poll: false, tick);

    /// <summary>Accepts an inbound call.</summary>
    /// <param name="deployment">The deployment's name.</param>
    /// <param name="token">The token in the address.</param>
    /// <param name="body">The payload.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<HookAnswer> AcceptHookAsync(string deployment, string token, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        // One answer for a wrong name and a wrong token: names are not told to strangers.
        if (Hooks.Find(deployment, token, _options.Time.GetUtcNow()) is not { } workspace) return HookAnswer.Unknown;
        if (Workspace(workspace).Names.Find(deployment) is not { } id || Runtime.Registry.Find(new DeploymentRef(workspace, id)) is not { } active) return await WillRunAsync(workspace, deployment, cancellationToken).ConfigureAwait(false) ? HookAnswer.Busy : HookAnswer.Unknown;
        if (active.Flow.Triggers.FirstOrDefault(t => t.Kind == PlanTriggerKind.Webhook) is not { } trigger) return HookAnswer.Unknown;
        return await AcceptAsync(active, trigger, body, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether another server made this token and this one has not read of it yet.</summary>
    public async Task<bool> WillTakeAsync(string deployment, string token, CancellationToken cancellationToken) =>
        IsShared && HookBook.Holds(await Settings.HookTokens.ReadOfAsync(deployment, cancellationToken).ConfigureAwait(false), token, Time.GetUtcNow());

    /// <summary>Whether another server was told to run it and this one does not yet.</summary>
    private async Task<bool> WillRunAsync(string workspace, string deployment, CancellationToken cancellationToken) =>
        IsShared && (await Settings.DeploymentVersions.ListAsync(workspace, deployment.Split('/')[0], cancellationToken).ConfigureAwait(false)).Count > 0;

    /// <summary>Whether there is a connection of this name; asking makes no workspace.</summary>
    public bool Knows(string workspace, string connection) => _workspaces.TryGetValue(workspace, out var hosted) && hosted.Connections.Knows(connection);

    /// <summary>Accepts a vendor's webhook: verified by its connection, its hints stored.</summary>
    /// <param name="workspace">The workspace's name.</param>
    /// <param name="connection">The connection's name.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<WebhookAnswer> AcceptWebhookAsync(string workspace, string connection, WebhookCall call, CancellationToken cancellationToken)
    {
        // A name that is not known, and a connection that takes no webhooks, are not told apart to strangers.
        if (!_workspaces.TryGetValue(workspace, out var hosted) || hosted.Connections.ReadWebhook(connection, call) is not { } read) return WebhookAnswer.Unknown;
        if (read.Hints.Error is { } error)
        {
            return error.Kind switch
            {
                ErrorKind.Authentication => WebhookAnswer.Unsigned,
                ErrorKind.Rejected => WebhookAnswer.Unreadable,
                _ => WebhookAnswer.Unknown,
            };
        }

        var shed = read.Hints.Value!.Count == 0 ? null : await Runtime.HintAsync(workspace, read.Realm, read.Hints.Value, cancellationToken).ConfigureAwait(false);
        return shed is null ? WebhookAnswer.Accepted : WebhookAnswer.Later(shed);
    }

    /// <summary>Starts a run by hand: through the flow's manual trigger; where it has none the body is the input itself.</summary>
    public async Task<HookAnswer> RunAsync(HostedWorkspace workspace, string deployment, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (workspace.Names.Find(deployment) is not { } id || Runtime.Registry.Find(new DeploymentRef(workspace.Name, id)) is not { } active) return HookAnswer.Unknown;
        var trigger = active.Flow.Triggers.FirstOrDefault(t => t.Kind == PlanTriggerKind.Manual) ?? PlanTrigger.BuiltIn(PlanTrigger.ManualId)!;
        return await AcceptAsync(active, trigger, body, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a connection anew and asks the org for what the deployments that use it need.</summary>
    public async Task<(Outcome<ConnectionInfo> Opened, IReadOnlyList<string> Missing)> TestAsync(HostedWorkspace workspace, string name, CancellationToken cancellationToken)
    {
        var opened = await workspace.Connections.TestAsync(workspace.Connections.SettingsOf(name)!, cancellationToken).ConfigureAwait(false);
        var missing = new List<string>();
        if (!opened.Succeeded) return (opened, missing);
        foreach (var active in Runtime.Registry.All.Where(d => d.Ref.Workspace == workspace.Name && d.Connections.Values.Any(c => c.Name == name)))
        {
            if (_planned.TryGetValue(active.Ref, out var planned)) missing.AddRange(await OrgCheck.MissingAsync(planned, active.Connections, Evaluator, cancellationToken).ConfigureAwait(false));
        }

        return (opened, [.. missing.Distinct(StringComparer.Ordinal)]);
    }

    public async Task<ReplayReport> ReplayAsync(DeadLetterFilter filter, IReadOnlyList<long>? ids, bool fromStep, CancellationToken cancellationToken)
    {
        if (ids is null) return new ReplayReport(await Runtime.Replayer.ReplayAsync(filter, fromStep, cancellationToken).ConfigureAwait(false), []);
        var replayed = 0;
        var refused = new List<RefusedReplay>();
        foreach (var id in ids)
        {
            if (await Runtime.Replayer.ReplayAsync(filter.Workspace, id, fromStep, cancellationToken).ConfigureAwait(false) is not null) replayed++;
            else refused.Add(new RefusedReplay(id, "There is no open dead letter with this number, or its deployment was taken away."));
        }

        return new ReplayReport(replayed, refused);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        try
        {
            await _schemas.DisposeAsync().ConfigureAwait(false);
            await _alerts.DisposeAsync().ConfigureAwait(false);
            await Runtime.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            // A disk that fails at the very end must not leave the database locked.
            foreach (var workspace in _workspaces.Values) await workspace.Connections.DisposeAsync().ConfigureAwait(false);
            await _commit.DisposeAsync().ConfigureAwait(false);
            _expressions.Abandoned -= Lost;
            if (_options.Expressions is null) _expressions.Dispose();
            await _stores.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Lost(Abandonment lost) => HostLog.Abandoned(_log, lost.Count, lost.Elapsed.TotalSeconds, string.Join(" | ", lost.Sources));

    private async Task<HookAnswer> AcceptAsync(ActiveDeployment active, PlanTrigger trigger, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var (payload, problem) = PayloadJson.Read(body.Span, active.Flow.Input);
        if (payload is null) return HookAnswer.Refused(problem!);
        try
        {
            var accepted = await Runtime.Intake.AcceptAsync(active, trigger, payload, cancellationToken).ConfigureAwait(false);
            if (accepted.Shed is { } shed) return HookAnswer.Later(shed);
            return accepted.Problem is { } refused ? HookAnswer.Refused(refused) : HookAnswer.Accepted(accepted.EventId);
        }
        catch (CommitFailedException)
        {
            return HookAnswer.Busy;
        }
    }

    /// <summary>Puts a connection in place; deployments that use it already go on with the new one.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="settings">The connection.</param>
    /// <param name="flows">Flows that will use it, beside those that run.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task ConnectAsync(HostedWorkspace workspace, ConnectionSettings settings, IEnumerable<CompiledFlow> flows, CancellationToken cancellationToken)
    {
        var descriptor = _options.Connectors.First(c => c.Descriptor.Name == settings.Connector).Descriptor;
        var running = Runtime.Registry.All.Where(d => d.Ref.Workspace == workspace.Name).Select(d => d.Flow);
        if (workspace.Connections.Put(settings, FlowEntities.Of(descriptor, running.Concat(flows)))) await ConnectionBinder.RebindAsync(Runtime.Registry, workspace, settings.Name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Activates a deployment; null when it is active, else one sentence.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="planned">The deployment.</param>
    /// <param name="known">Deployments as stored.</param>
    /// <param name="resume">The state it is given ends a pause that a person began.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<string?> DeployAsync(
        HostedWorkspace workspace, PlannedDeployment planned, IReadOnlyList<DeploymentRecord> known, bool resume, CancellationToken cancellationToken)
    {
        var (connections, closed) = await ConnectionBinder.BindAsync(workspace, planned, _log, cancellationToken).ConfigureAwait(false);
        if (connections is null) return closed;
        var missing = await OrgCheck.MissingAsync(planned, connections, Evaluator, cancellationToken).ConfigureAwait(false);
        if (missing.Count > 0) return $"{planned.Name}: the org lacks what the flow requires: {string.Join(" ", missing)}";
        (planned, var unnamed) = await RecordNames.ResolveAsync(planned, connections, cancellationToken).ConfigureAwait(false);
        if (unnamed.Count > 0) return string.Join(" ", unnamed);

        var realms = connections.ToDictionary(c => c.Key, c => c.Value.Realm);
        var before = Rebinding.Before(known, workspace.Name, planned.Name, realms, _log);
        // A pause that a person began outlives a restart and a new version.
        var paused = !resume && before is { State: DeploymentState.Paused, PausedBecause: { } because } ? because : null;
        var record = new DeploymentRecord
        {
            Workspace = workspace.Name, Id = before?.Id ?? Guid.NewGuid(), Name = planned.Name, FlowId = planned.Flow.Id, FlowHash = planned.Flow.Hash,
            State = paused is null ? planned.State : DeploymentState.Paused, PausedBecause = paused, Realms = realms, Bindings = JsonSerializer.Serialize(new { planned.Connections }),
            CreatedAt = before?.CreatedAt ?? _options.Time.GetUtcNow(),
        };
        await KeepVersionAsync(workspace.Name, planned, cancellationToken).ConfigureAwait(false);
        // A start finds its deployments as it left them: writing each again would wait for the disk each time.
        if (before is null || !Rebinding.IsSame(before, record)) await _stores.Deployments.SaveAsync(record, cancellationToken).ConfigureAwait(false);

        var active = new ActiveDeployment
        {
            Ref = new DeploymentRef(record.Workspace, record.Id),
            Name = planned.Name,
            Group = planned.Group,
            Flow = planned.Flow,
            Connections = connections,
            Parameters = planned.Parameters,
            Tables = planned.Tables,
            Since = planned.Since,
            CreatedAt = record.CreatedAt,
            State = record.State,
            PausedBecause = paused,
            BindingsHash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new object[] { planned.Parameters, planned.Tables })))[..16],
        };
        workspace.Names.Set(planned.Name, record.Id);
        _planned[active.Ref] = planned;
        if (planned.HookToken is { } token) Hooks.SetFile(workspace.Name, planned.Name, token);
        await Rebinding.RetireAsync(Runtime, active).ConfigureAwait(false);
        Runtime.Registry.Set(active);
        HostLog.Active(_log, planned.Name, planned.Flow.Id, planned.Flow.Version ?? "", planned.Flow.Hash);
        return null;
    }

    /// <summary>Many deployments run one version: it is stored once.</summary>
    private async Task KeepVersionAsync(string workspace, PlannedDeployment planned, CancellationToken cancellationToken)
    {
        if (_keptVersions.ContainsKey((workspace, planned.Flow.Hash))) return;
        var version = new FlowVersionRecord(workspace, planned.Flow.Hash, planned.Flow.Id, JsonSerializer.Serialize(planned.Sources), _options.Time.GetUtcNow());
        await _stores.Deployments.SaveFlowVersionAsync(version, cancellationToken).ConfigureAwait(false);
        _keptVersions.TryAdd((workspace, planned.Flow.Hash), true);
    }

    /// <summary>A parked run goes on with the version it began with: compiled anew from what was stored.</summary>
    private async Task<ActiveDeployment?> FindVersionAsync(ActiveDeployment active, string hash, CancellationToken cancellationToken)
    {
        var version = await _stores.Deployments.ReadFlowVersionAsync(active.Ref.Workspace, hash, cancellationToken).ConfigureAwait(false);
        if (version is null) return null;
        var sources = JsonSerializer.Deserialize<List<BundledSource>>(version.Sources)!;
        var bundle = FlowBundle.Compile([.. sources.Select(s => new SourceText(s.Path, s.Content))], [.. _options.Connectors.Select(c => c.Descriptor)]);
        var flows = bundle.Flows;
        if (sources.FirstOrDefault(s => s.Path == Overlay.SourcePath) is { } written && DeploymentParser.Parse(new SourceText(written.Path, written.Content)).Value is { } overlay)
        {
            flows = Overlay.Apply(overlay, [.. flows.Where(f => f.Template == overlay.Template.Value)], []);
        }

        return flows.FirstOrDefault(f => f.Compiled?.Id == version.FlowId)?.Compiled is { } flow ? active with { Flow = flow } : null;
    }
}

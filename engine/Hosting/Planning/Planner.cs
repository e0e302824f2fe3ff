using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Expressions.Execution;
using WorkflowEngine.Runtime;
using WorkflowEngine.Storage;
using WorkflowEngine.Storage.Sqlite;

namespace WorkflowEngine.Hosting;

/// <summary>
/// Runs a flow over events on the real runtime with a store of its own and connections that cannot write. Events run one after the other, so that two plans of the same world are equal.
/// </summary>
public sealed class Planner(FlowHost host)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What each event would do, in the order given.</summary>
    public async Task<IReadOnlyList<PlannedRun>> PlanAsync(PlanRequest request, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("flow-plan-");
        try
        {
            var stores = await SqliteStorage.OpenAsync(
                new StorageOptions { Path = Path.Combine(folder.FullName, "plan.db"), MasterKey = RandomNumberGenerator.GetBytes(32), Durable = false }, cancellationToken).ConfigureAwait(false);
            await using (stores.ConfigureAwait(false)) return await RunAsync(request, stores, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<IReadOnlyList<PlannedRun>> RunAsync(PlanRequest request, EngineStores stores, CancellationToken cancellationToken)
    {
        var realms = request.Deployment.Connections.Values.Select(c => c.Realm).Distinct(StringComparer.Ordinal).ToDictionary(r => r, _ => new VirtualRecords(), StringComparer.Ordinal);
        var deployment = request.Deployment with
        {
            Ref = new DeploymentRef("plan", request.Deployment.Ref.Id), Flow = request.Flow, State = DeploymentState.Active, PausedBecause = null,
            Connections = request.Deployment.Connections.ToDictionary(c => c.Key, c => Virtual(c.Value, request, realms[c.Value.Realm])),
        };
        using var expressions = new ExpressionEngine();
        var commit = new GroupCommitWriter(stores.Writer, NullLogger<GroupCommitWriter>.Instance);
        await using (commit.ConfigureAwait(false))
        {
            var runtime = new EngineRuntime(new EngineParts
            {
                Stores = new RuntimeStores
                {
                    Writer = stores.Writer, Inbox = stores.Inbox, KeyStates = stores.KeyStates, Links = new PlanLinks(stores.Links, host.Links, request.Deployment.Ref.Workspace), Cursors = stores.Cursors, DeadLetters = stores.DeadLetters,
                    Incidents = stores.Incidents, Runs = stores.Runs, Reviews = stores.Reviews, Backfills = stores.Backfills, BulkJobs = stores.BulkJobs, History = stores.History,
                },
                Commit = commit,
                Evaluator = new JavaScriptEvaluator(expressions),
                Registry = new DeploymentRegistry((_, _, _) => Task.FromResult<ActiveDeployment?>(null)),
                Time = host.Time,
            });
            await using (runtime.ConfigureAwait(false))
            {
                runtime.Registry.Set(deployment);
                await runtime.StartAsync(cancellationToken, poll: false).ConfigureAwait(false);
                var result = new List<PlannedRun>(request.Events.Count);
                foreach (var item in request.Events) result.Add(await OneAsync(runtime, stores, deployment, item, realms, cancellationToken).ConfigureAwait(false));
                return result;
            }
        }
    }

    private async Task<PlannedRun> OneAsync(
        EngineRuntime runtime, EngineStores stores, ActiveDeployment deployment, PlannedEvent item, Dictionary<string, VirtualRecords> realms, CancellationToken cancellationToken)
    {
        if (IsGone(deployment, item, realms)) return new PlannedRun(item.Name, "filtered", "An event before it would have merged or deleted the record.", []);
        var (id, problem) = await AppendAsync(runtime, deployment, item, cancellationToken).ConfigureAwait(false);
        if (id is null) return new PlannedRun(item.Name, "refused", problem, []);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        await runtime.WaitIdleAsync(limit.Token).ConfigureAwait(false);
        var run = (await stores.Runs.ListAsync(new RunFilter { Workspace = deployment.Ref.Workspace, Limit = 5 }, cancellationToken).ConfigureAwait(false)).FirstOrDefault(r => r.EventId == id);
        var hidden = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (item.Input is not null) Redaction.Gather(item.Input, deployment.Flow.Input.Fields, hidden);
        foreach (var records in realms.Values)
        {
            hidden.UnionWith(records.Hidden);
            records.Hidden.Clear();
        }

        var effects = new List<PlannedEffect>();
        foreach (var (realm, records) in realms.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            effects.AddRange(records.Writes.Select(w => PlanVeil.Over(w, realm, deployment.Flow, hidden)));
            records.Writes.Clear();
        }

        var outcome = run?.Outcome.ToString() ?? "Waiting";
        return new PlannedRun(item.Name, char.ToLowerInvariant(outcome[0]) + outcome[1..], run?.Text, effects);
    }

    private static bool IsGone(ActiveDeployment deployment, PlannedEvent item, Dictionary<string, VirtualRecords> realms) =>
        item.Record is { } record && deployment.Flow.Triggers.FirstOrDefault(t => t.Entity is not null) is { Connection: { } connection } trigger
        && realms[deployment.Connections[connection].Realm].IsGone(trigger.Entity!.Name, record);

    private async Task<(long? Event, string? Problem)> AppendAsync(EngineRuntime runtime, ActiveDeployment deployment, PlannedEvent item, CancellationToken cancellationToken)
    {
        if (item.Input is { } input)
        {
            var manual = deployment.Flow.Triggers.FirstOrDefault(t => t.Kind == Compilation.Plan.PlanTriggerKind.Manual) ?? Compilation.Plan.PlanTrigger.BuiltIn(Compilation.Plan.PlanTrigger.ManualId)!;
            var accepted = await runtime.Intake.AcceptAsync(deployment, manual, input, cancellationToken).ConfigureAwait(false);
            return (accepted.EventId, accepted.Problem);
        }

        if (deployment.Flow.Triggers.FirstOrDefault(t => t.Entity is not null) is not { } trigger) return (null, "The flow has no trigger on a record; give inputs.");
        // A hint, read in full when it is claimed; a replay, so that what was handled before is planned all the same.
        var key = deployment.Flow.KeyIsRecordId || deployment.Flow.Key is null ? item.Record! : "plan " + item.Record;
        var appended = await runtime.Intake.AppendAsync(new NewEvent
        {
            Deployment = deployment.Ref, Trigger = trigger.Id, Kind = EventKind.Replay, Key = key, Lane = Lane.Of(deployment.Ref.Workspace, deployment.Ref.Id, key), Entity = trigger.Entity!.Name,
            RecordId = item.Record, Payload = Payload.Encode(new Dictionary<string, object?> { [trigger.Entity.IdField] = item.Record }), Full = false, Priority = CallPriority.Live,
            ReceivedAt = host.Time.GetUtcNow(),
        }).ConfigureAwait(false);
        return (appended.EventId, appended.Problem);
    }

    private static BoundConnection Virtual(BoundConnection bound, PlanRequest request, VirtualRecords records)
    {
        var entities = FlowEntities.Of(bound.Descriptor, [request.Deployment.Flow, request.Flow]).ToDictionary(e => e.Name, StringComparer.Ordinal);
        return bound with { Workspace = "plan", Connection = new PlanConnection(bound.Realm, new PlanReads(bound.Connection, bound.Identity, request.Memory), records, entities, [.. request.Flow.Instructions.OfType<Compilation.Plan.MergeInstruction>()]), Settle = TimeSpan.FromMilliseconds(1) };
    }
}

using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Takes the second look at a written record. It writes nothing at the vendor: a difference becomes an event, a record found twice a question for a person.</summary>
internal sealed class SecondLooker(StepServices services, IncidentBook incidents)
{
    /// <summary>How the look ended; <see cref="RunEnd.Follows"/> is stored with its end.</summary>
    public async ValueTask<(RunEnd End, string? Connection)> LookAsync(Run run)
    {
        if (SecondLook.Decode(run.Payload) is not { } look || WriteOf(run.Deployment.Flow, look.Step) is not { } write || !run.Deployment.Connections.ContainsKey(write.Connection))
        {
            return (RunEnd.Quiet("the step is gone"), null);
        }

        var follows = new List<StoreChange>();
        if (look.Lookup.Count > 0)
        {
            var parts = look.Lookup.Select(term => MatchFinder.Term(term.Paths, term.Value)).ToList();
            var found = await ReadAsync(run, write, write.Select, parts.Count == 1 ? parts[0] : new AllOf(parts), 2).ConfigureAwait(false);
            if (found.Outcome.Error is { } error) return (Failed(run, write, error, found.Charged), write.Connection);
            if (found.Outcome.Value!.Rows is { Count: > 1 } twice) Twice(run, write, look, twice);
        }

        if (look.Written.Count > 0)
        {
            var byId = new FieldCondition(write.Entity.IdField, Comparison.In, [look.RecordId]);
            var found = await ReadAsync(run, write, [write.Entity.IdField, .. look.Written.Keys], byId, 1).ConfigureAwait(false);
            if (found.Outcome.Error is { } error) return (Failed(run, write, error, found.Charged), write.Connection);
            var differs = Differing(write, look, found.Outcome.Value!.Rows);
            if (differs.Count > 0) Late(run, write, look, differs, follows);
        }

        return (RunEnd.Quiet(null) with { Follows = follows }, write.Connection);
    }

    private Task<Answer<ReadRows>> ReadAsync(Run run, WriteInstruction write, IReadOnlyList<string> fields, Condition condition, int most) => services.Batcher.ReadAsync(
        new ReadAsk
        {
            Connection = run.Connection(write.Connection), Entity = write.Entity.Name, Fields = fields, Condition = condition, RowCap = most, IncludeInactive = true,
            Priority = run.State.Priority, Step = write.Step.Name, Timeout = write.Step.Timeout,
        },
        default);

    private static RunEnd Failed(Run run, WriteInstruction write, OperationError error, bool charged) =>
        new() { Kind = RunEndKind.Failed, Error = error, Charged = charged, Step = PlanStep.Of($"second look at {write.Step.Name}", "look", write.Step.Place) };

    private void Twice(Run run, WriteInstruction write, SecondLook look, IReadOnlyList<IReadOnlyDictionary<string, object?>> records)
    {
        var ids = string.Join(" and ", records.Select(r => MatchFinder.Id(write.Entity, r)).Order(StringComparer.Ordinal));
        incidents.Raise(
            run.Deployment.Ref.Workspace, run.Deployment.Ref.Id, $"twice:{write.Entity.Name}:{ids}",
            $"{write.Entity.Name} {ids} may be the same record, created twice ({write.Step.Place}, run {look.RunId}).");
    }

    /// <summary>A later write may have changed the record since: then the event finds nothing to do. What must not be done again by itself is told to a person.</summary>
    private void Late(Run run, WriteInstruction write, SecondLook look, List<string> differs, List<StoreChange> follows)
    {
        var trigger = run.Deployment.Flow.Triggers.FirstOrDefault(t => t.Id == look.Trigger);
        if (trigger is { Becomes: null, Entity: not null } && look.SubjectId is { } subject)
        {
            follows.Add(new AppendEvents([new NewEvent
            {
                Deployment = run.Event.Key.Deployment, Trigger = trigger.Id, Kind = EventKind.Manual, Key = run.Event.Key.Key, Lane = run.Event.Lane, Entity = look.SubjectEntity,
                RecordId = subject, Payload = Payload.Encode(new Dictionary<string, object?> { [trigger.Entity.IdField] = subject }), Full = false, Priority = CallPriority.Live,
                ReceivedAt = services.Now,
            }]));
            return;
        }

        incidents.Raise(
            run.Deployment.Ref.Workspace, run.Deployment.Ref.Id, $"late:{write.Entity.Name}:{look.RecordId}",
            $"{write.Entity.Name} {look.RecordId} is not as run {look.RunId} left it ({string.Join(", ", differs)}); an earlier write whose answer was lost may have come late ({write.Step.Place}).");
    }

    private static List<string> Differing(WriteInstruction write, SecondLook look, IReadOnlyList<IReadOnlyDictionary<string, object?>> rows)
    {
        var differs = new List<string>();
        if (rows.Count == 0) return differs;
        foreach (var line in LinesOf(write))
        {
            if (look.Written.TryGetValue(line.Path, out var wanted) && !differs.Contains(line.Path)
                && !FieldComparison.Stands(line.Field, RecordPath.Read(rows[0], line.Path), wanted)) differs.Add(line.Path);
        }

        return differs;
    }

    private static IEnumerable<PlanFieldLine> LinesOf(WriteInstruction write) =>
        write is UpsertInstruction upsert ? upsert.Set.Concat(upsert.SetOnCreate).Concat(upsert.SetOnUpdate) : write.Set;

    private static WriteInstruction? WriteOf(CompiledFlow flow, string step)
    {
        foreach (var instruction in flow.Instructions)
        {
            if (instruction is WriteInstruction write && write.Step.Name == step) return write;
            if (instruction is SyncInstruction sync && sync.Upsert.Step.Name == step) return sync.Upsert;
        }

        return null;
    }
}

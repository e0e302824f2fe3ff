using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Where a search shows nothing: the records that links name for a value it asked for. The vendor's search may not show them yet, reading them by id does.</summary>
internal sealed class LinkedRecords(StepServices services)
{
    /// <summary>The records that fit the condition, or what the step does instead.</summary>
    public async ValueTask<(IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows, StepResult? Ended)> FindAsync(Run run, ChangeInstruction change, Condition condition)
    {
        var connection = run.Connection(change.Connection);
        var asked = condition.Fields().ToList();
        var keys = Keys(connection, change.Entity, asked);
        if (keys.Count == 0) return ([], null);
        var ids = new List<string>();
        foreach (var link in await services.Links.FindAsync(keys).ConfigureAwait(false))
        {
            if (link.RecordId is { } id && !ids.Contains(id)) ids.Add(id);
        }

        if (ids.Count == 0) return ([], null);
        var answer = await services.Batcher.ReadAsync(
            new ReadAsk
            {
                Connection = connection, Entity = change.Entity.Name, Fields = [.. change.Select.Concat(asked.Select(f => f.Path)).Distinct()],
                Condition = new FieldCondition(change.Entity.IdField, Comparison.In, [.. ids]), RowCap = ids.Count, IncludeInactive = change.IncludeInactive,
                Priority = run.State.Priority, Step = change.Step.Name, Timeout = change.Step.Timeout,
            },
            default).ConfigureAwait(false);
        if (answer.Outcome.Error is { } error) return ([], StepResult.Failed(error, answer.Charged));
        var shown = answer.Outcome.Value!.Rows;
        foreach (var id in ids)
        {
            if (shown.Any(r => MatchFinder.Id(change.Entity, r) == id)) continue;
            if (await services.RecentCreates.WaitAsync(run, connection, change.Entity, id).ConfigureAwait(false) is { } waits) return ([], waits);
        }

        return ([.. shown.Where(r => ConditionTest.Holds(condition, change.Entity, r))], null);
    }

    /// <summary>Links of each value by itself, of all of them together in the order written, and of creates that are made once.</summary>
    private static List<LinkKey> Keys(BoundConnection connection, EntityDescriptor entity, List<FieldCondition> asked)
    {
        var keys = new List<LinkKey>();
        var (paths, values) = (new List<string>(), new List<string>());
        foreach (var field in asked)
        {
            if (field is not { Operator: Comparison.In, Values: [var value] } || entity.Field(field.Path) is not { } descriptor || FieldComparison.Key(descriptor, value) is not { } key) continue;
            paths.Add(field.Path);
            values.Add(key);
            keys.Add(MatchFinder.Key(connection, entity, field.Path, LinkHash.Of([key])));
            keys.Add(MatchFinder.Key(connection, entity, LinkHash.OncePrefix + field.Path, LinkHash.Of([key])));
        }

        if (paths.Count > 1) keys.Add(MatchFinder.Key(connection, entity, string.Join(',', paths), LinkHash.Of(values)));
        return keys;
    }
}

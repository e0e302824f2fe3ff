using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>
/// Where a read shows nothing: the record that was asked for by its id and created just now is waited for, and so are the records that links name for a value the search asked for. The vendor's search
/// may not show those yet, reading them by id does.
/// </summary>
internal sealed class LinkedRecords(StepServices services)
{
    /// <summary>The id, where a record is asked for by nothing else; null for a search.</summary>
    public static string? IdOf(EntityDescriptor entity, Condition condition) =>
        condition is FieldCondition { Operator: Comparison.In, Values: [var id] } field && field.Path == entity.IdField ? FieldValues.AsText(id) : null;

    /// <summary>The records that fit what was asked, or what the step does instead.</summary>
    public async ValueTask<(IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows, StepResult? Ended)> FindAsync(Run run, EntityDescriptor entity, ReadAsk ask)
    {
        if (IdOf(entity, ask.Condition) is { } asked) return ([], await services.RecentCreates.WaitAsync(run, ask.Connection, entity, asked).ConfigureAwait(false));
        var fields = ask.Condition.Fields().ToList();
        var keys = Keys(ask.Connection, entity, fields);
        if (keys.Count == 0) return ([], null);
        var ids = new List<string>();
        foreach (var link in await services.Links.FindAsync(keys).ConfigureAwait(false))
        {
            if (link.RecordId is { } id && !ids.Contains(id)) ids.Add(id);
        }

        if (ids.Count == 0) return ([], null);
        var answer = await services.Batcher.ReadAsync(
            ask with
            {
                Fields = [.. ask.Fields.Concat(fields.Select(f => f.Path)).Distinct()], Condition = new FieldCondition(entity.IdField, Comparison.In, [.. ids]), OrderBy = [], RowCap = ids.Count,
            },
            default).ConfigureAwait(false);
        if (answer.Outcome.Error is { } error) return ([], StepResult.Failed(error, answer.Charged));
        var shown = answer.Outcome.Value!.Rows;
        foreach (var id in ids)
        {
            if (shown.Any(r => MatchFinder.Id(entity, r) == id)) continue;
            if (await services.RecentCreates.WaitAsync(run, ask.Connection, entity, id).ConfigureAwait(false) is { } waits) return ([], waits);
        }

        return ([.. shown.Where(r => ConditionTest.Holds(ask.Condition, entity, r))], null);
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

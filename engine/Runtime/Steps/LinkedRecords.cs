using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

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
    /// <param name="run">The run that asks.</param>
    /// <param name="entity">What was asked for.</param>
    /// <param name="where">What it was asked for by; null = by its id.</param>
    /// <param name="ask">The read that showed nothing.</param>
    /// <param name="fails">The step fails without a record: one named by its id is waited for until it should be shown, whoever made it.</param>
    /// <param name="mayBeNone">That there is none is an ordinary answer: links are asked only where a deployed flow makes such ones.</param>
    public ValueTask<(IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows, StepResult? Ended)> FindAsync(
        Run run, EntityDescriptor entity, PlanCondition? where, ReadAsk ask, bool fails, bool mayBeNone = false) =>
        mayBeNone && IdOf(entity, ask.Condition) is null && !services.LinkKinds.AreMadeByAny(ask.Condition) ? new(([], null)) : AskAsync(run, entity, where, ask, fails, mayBeNone);

    private async ValueTask<(IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows, StepResult? Ended)> AskAsync(
        Run run, EntityDescriptor entity, PlanCondition? where, ReadAsk ask, bool fails, bool mayBeNone)
    {
        if (IdOf(entity, ask.Condition) is { } asked)
        {
            var waits = await services.RecentCreates.WaitAsync(run, ask.Connection, entity, asked).ConfigureAwait(false);
            return ([], waits ?? (fails ? services.RecentCreates.WaitForNamed(run, ask.Connection, entity) : null));
        }

        var fields = ask.Condition.Fields().ToList();
        var keys = Keys(ask.Connection, entity, where, fields, kind => !mayBeNone || services.LinkKinds.IsMade(ask.Connection, entity, kind));
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
    private static List<LinkKey> Keys(BoundConnection connection, EntityDescriptor entity, PlanCondition? where, List<FieldCondition> asked, Func<string, bool> isAsked)
    {
        // By the plan: it knows the fields inside of others too, such as external data.
        var descriptors = where?.Fields().DistinctBy(f => f.Path).ToDictionary(f => f.Path, f => f.Field) ?? [];
        var keys = new List<LinkKey>();
        var (paths, values) = (new List<string>(), new List<string>());
        foreach (var field in asked)
        {
            if (field is not { Operator: Comparison.In, Values: [var value] } || !descriptors.TryGetValue(field.Path, out var descriptor) || FieldComparison.Key(descriptor, value) is not { } key) continue;
            paths.Add(field.Path);
            values.Add(key);
            Add(field.Path, [key]);
            Add(LinkHash.OncePrefix + field.Path, [key]);
        }

        if (paths.Count > 1) Add(string.Join(',', paths), values);
        return keys;

        void Add(string kind, IReadOnlyList<string> of)
        {
            if (isAsked(kind)) keys.Add(MatchFinder.Key(connection, entity, kind, LinkHash.Of(of)));
        }
    }
}

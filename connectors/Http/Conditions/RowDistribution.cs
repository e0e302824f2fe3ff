using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Gives the rows of one shared call back to the askers whose condition they meet, ordered and capped.</summary>
public static class RowDistribution
{
    /// <summary>One answer per condition.</summary>
    /// <param name="evaluator">Knows the entity's types.</param>
    /// <param name="batch">What was asked.</param>
    /// <param name="rows">All rows the calls brought.</param>
    public static ReadRows[] Give(ConditionEvaluator evaluator, ReadBatch batch, IReadOnlyList<IReadOnlyDictionary<string, object?>> rows)
    {
        var answers = new ReadRows[batch.Conditions.Count];
        var path = batch.Conditions.Count > 1 ? SharedPath(batch.Conditions[0]) : null;
        var index = path is null ? null : Index(rows, path, RecordPath.Field(evaluator.Fields, path));
        for (var i = 0; i < answers.Length; i++)
        {
            var condition = batch.Conditions[i];
            var candidates = index is null ? rows : Candidates(index, condition, path!, evaluator);
            var meets = evaluator.Prepare(condition);
            answers[i] = Cut(Sort(candidates.Where(row => meets(row)), batch.OrderBy, evaluator), batch.RowCap);
        }

        return answers;
    }

    /// <summary>The first conditions on values that every record must meet.</summary>
    public static IEnumerable<FieldCondition> Required(Condition condition) => condition switch
    {
        FieldCondition one => [one],
        AllOf all => all.Parts.SelectMany(Required),
        AnyOf { Parts.Count: 1 } any => Required(any.Parts[0]),
        _ => [],
    };

    /// <summary>Rows in the order asked; rows that compare equal stay as they came.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, object?>> Sort(IEnumerable<IReadOnlyDictionary<string, object?>> rows, IReadOnlyList<OrderTerm> order, ConditionEvaluator evaluator)
    {
        if (order.Count == 0) return rows;
        var terms = order.Select(term => (term.Path, term.Descending, Field: RecordPath.Field(evaluator.Fields, term.Path))).ToArray();
        return rows.Order(Comparer<IReadOnlyDictionary<string, object?>>.Create((a, b) =>
        {
            foreach (var (path, descending, field) in terms)
            {
                var compared = ValueComparison.Compare(RecordPath.Values(a, path).FirstOrDefault(), RecordPath.Values(b, path).FirstOrDefault(), field);
                if (compared != 0) return descending ? -compared : compared;
            }

            return 0;
        }));
    }

    private static string? SharedPath(Condition condition) =>
        Required(condition).FirstOrDefault(c => c.Operator == Comparison.In && !c.Path.Contains('|', StringComparison.Ordinal))?.Path;

    private static Dictionary<string, List<IReadOnlyDictionary<string, object?>>> Index(IReadOnlyList<IReadOnlyDictionary<string, object?>> rows, string path, FieldDescriptor? field)
    {
        var index = new Dictionary<string, List<IReadOnlyDictionary<string, object?>>>(rows.Count, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            foreach (var value in RecordPath.Values(row, path))
            {
                var key = ValueComparison.Key(value, field);
                if (!index.TryGetValue(key, out var same)) index[key] = same = [];
                if (same.Count == 0 || !ReferenceEquals(same[^1], row)) same.Add(row);
            }
        }

        return index;
    }

    private static IEnumerable<IReadOnlyDictionary<string, object?>> Candidates(Dictionary<string, List<IReadOnlyDictionary<string, object?>>> index, Condition condition, string path, ConditionEvaluator evaluator)
    {
        var field = RecordPath.Field(evaluator.Fields, path);
        var values = Required(condition).First(c => c.Operator == Comparison.In && c.Path == path).Values;
        var keys = values.Select(v => ValueComparison.Key(v, field)).Distinct(StringComparer.Ordinal);
        return keys.SelectMany(key => index.TryGetValue(key, out var rows) ? rows : Enumerable.Empty<IReadOnlyDictionary<string, object?>>()).Distinct(ReferenceEqualityComparer.Instance).Cast<IReadOnlyDictionary<string, object?>>();
    }

    private static ReadRows Cut(IEnumerable<IReadOnlyDictionary<string, object?>> rows, int cap)
    {
        var first = rows.Take(cap + 1).ToList();
        var more = first.Count > cap;
        if (more) first.RemoveAt(cap);
        return new ReadRows(first, more);
    }
}

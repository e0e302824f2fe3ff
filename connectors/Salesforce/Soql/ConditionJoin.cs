using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce.Soql;

/// <summary>Joins the conditions of several askers into one that finds what each of them would find.</summary>
internal sealed class ConditionJoin(SoqlWhere where)
{
    /// <summary>One field's values become one IN; parts equal for all askers are said once; the rest is OR of ANDs.</summary>
    public Condition Join(IReadOnlyList<Condition> conditions)
    {
        var distinct = Distinct(conditions);
        if (distinct.Count <= 1) return distinct.Count == 0 ? ConditionForms.Never : distinct[0];

        if (distinct[0] is FieldCondition { Operator: Comparison.In } first && distinct.All(c => c is FieldCondition { Operator: Comparison.In } f && f.Path == first.Path))
        {
            return first with { Values = [.. distinct.SelectMany(c => ((FieldCondition)c).Values)] };
        }

        if (Columns<AnyOf>(distinct, c => c.Parts) is { } alternatives)
        {
            // "Some asker's some part" is "some part of some asker".
            return ConditionForms.Any(alternatives.Select(Join));
        }

        if (Columns<AllOf>(distinct, c => c.Parts) is { } columns) return JoinRows(columns);
        return ConditionForms.Any(distinct);
    }

    // Column i holds part i of every asker.
    private Condition JoinRows(IReadOnlyList<IReadOnlyList<Condition>> columns)
    {
        var texts = columns.Select(column => column.Select(where.Text).ToArray()).ToArray();
        var equal = new List<Condition>();
        var differing = new List<int>();
        for (var i = 0; i < columns.Count; i++)
        {
            if (texts[i].All(t => t == texts[i][0])) equal.Add(columns[i][0]);
            else differing.Add(i);
        }

        if (differing.Count == 0) return ConditionForms.All(equal);
        if (differing.Count == 1) return ConditionForms.All([.. equal, Join(columns[differing[0]])]);

        // Askers that share a value of the column with the fewest values are said together: (Campaign = x AND Contact IN (…)).
        var fewest = differing.MinBy(i => texts[i].Distinct(StringComparer.Ordinal).Count());
        var rest = differing.Where(i => i != fewest).ToArray();
        var groups = Enumerable.Range(0, columns[0].Count)
            .GroupBy(row => texts[fewest][row], StringComparer.Ordinal)
            .Select(group => ConditionForms.All([columns[fewest][group.First()], Join([.. group.Select(row => ConditionForms.All(rest.Select(i => columns[i][row])))])]));
        return ConditionForms.All([.. equal, ConditionForms.Any(groups)]);
    }

    private List<Condition> Distinct(IReadOnlyList<Condition> conditions)
    {
        if (conditions.Count == 1) return [conditions[0]];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var distinct = new List<Condition>(conditions.Count);
        foreach (var condition in conditions)
        {
            if (seen.Add(where.Text(condition))) distinct.Add(condition);
        }

        return distinct;
    }

    private static IReadOnlyList<IReadOnlyList<Condition>>? Columns<T>(List<Condition> conditions, Func<T, IReadOnlyList<Condition>> parts)
        where T : Condition
    {
        if (conditions[0] is not T first) return null;
        var count = parts(first).Count;
        if (!conditions.All(c => c is T t && parts(t).Count == count)) return null;
        return [.. Enumerable.Range(0, count).Select(i => conditions.Select(c => parts((T)c)[i]).ToArray())];
    }
}

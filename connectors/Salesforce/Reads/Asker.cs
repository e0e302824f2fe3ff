using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce.Reads;

/// <summary>One asker of a read batch on its way to an answer.</summary>
internal sealed class Asker(int index, Condition condition, Func<IReadOnlyDictionary<string, object?>, bool> matches)
{
    /// <summary>Its place in the batch.</summary>
    public int Index => index;

    /// <summary>What it asks, prepared.</summary>
    public Condition Condition => condition;

    /// <summary>Whether a row answers it.</summary>
    public bool Matches(IReadOnlyDictionary<string, object?> row) => matches(row);

    /// <summary>Its rows so far.</summary>
    public List<IReadOnlyDictionary<string, object?>> Rows { get; } = [];

    /// <summary>The keys of a field this asker asks for with IN; null when it does not narrow by that field.</summary>
    public FieldCondition? Narrowing(string path)
    {
        if (condition is FieldCondition { Operator: Comparison.In } field && field.Path == path) return field;
        return condition is AllOf all ? all.Parts.OfType<FieldCondition>().FirstOrDefault(f => f.Operator == Comparison.In && f.Path == path) : null;
    }

    /// <summary>The paths it narrows by with IN.</summary>
    public IEnumerable<string> NarrowingPaths() => condition switch
    {
        FieldCondition { Operator: Comparison.In } field => [field.Path],
        AllOf all => all.Parts.OfType<FieldCondition>().Where(f => f.Operator == Comparison.In).Select(f => f.Path).Distinct(),
        _ => [],
    };
}

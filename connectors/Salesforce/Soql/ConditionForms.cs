using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce.Soql;

/// <summary>The two conditions whose answer is known without asking.</summary>
internal static class ConditionForms
{
    public static readonly Condition Always = new AllOf([]);

    public static readonly Condition Never = new AnyOf([]);

    public static bool IsAlways(Condition condition) => condition is AllOf { Parts.Count: 0 };

    public static bool IsNever(Condition condition) => condition is AnyOf { Parts.Count: 0 };

    /// <summary>All of the parts, flattened; known answers are taken out.</summary>
    public static Condition All(IEnumerable<Condition> parts)
    {
        var kept = new List<Condition>();
        foreach (var part in parts)
        {
            if (IsNever(part)) return Never;
            if (part is AllOf all) kept.AddRange(all.Parts);
            else kept.Add(part);
        }

        return kept.Count == 1 ? kept[0] : new AllOf(kept);
    }

    /// <summary>Any of the parts, flattened; known answers are taken out.</summary>
    public static Condition Any(IEnumerable<Condition> parts)
    {
        var kept = new List<Condition>();
        foreach (var part in parts)
        {
            if (IsAlways(part)) return Always;
            if (part is AnyOf any) kept.AddRange(any.Parts);
            else kept.Add(part);
        }

        return kept.Count == 1 ? kept[0] : new AnyOf(kept);
    }
}

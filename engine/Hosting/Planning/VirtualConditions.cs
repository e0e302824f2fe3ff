using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>Takes ids of records that do not exist out of a condition, so that a vendor is never asked for them.</summary>
internal static class VirtualConditions
{
    public const string Prefix = "new:";

    /// <summary>The condition as a vendor understands it; null when no real record can meet it.</summary>
    public static Condition? Real(Condition condition)
    {
        switch (condition)
        {
            case AllOf all:
                var every = all.Parts.Select(Real).ToList();
                return every.Contains(null) ? null : new AllOf([.. every.OfType<Condition>()]);
            case AnyOf any:
                var some = any.Parts.Select(Real).OfType<Condition>().ToList();
                return some.Count == 0 && any.Parts.Count > 0 ? null : new AnyOf(some);
            case FieldCondition one:
                var real = one.Values.Where(v => !IsVirtual(v)).ToList();
                if (real.Count == one.Values.Count) return one;
                return real.Count == 0 ? one.Operator == Comparison.NotIn ? new AllOf([]) : null : one with { Values = real };
            default:
                return condition;
        }
    }

    public static bool IsVirtual(object? value) => value is string text && text.StartsWith(Prefix, StringComparison.Ordinal);
}

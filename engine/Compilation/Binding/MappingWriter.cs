using System.Collections.Immutable;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>Collects the values of a step into one mapping.</summary>
internal sealed class MappingWriter(StepScope scope)
{
    private readonly List<BoundValue> values = [];

    public BoundValue this[int index] => values[index];

    public int Add(BoundValue value)
    {
        values.Add(value);
        return values.Count - 1;
    }

    /// <summary>The mapping; null without values.</summary>
    public PlanMapping? Build() => values.Count == 0 ? null : Write(values, scope, null, null);

    public static PlanMapping One(BoundValue value, StepScope scope) => Write([value], scope, null, null);

    public static PlanMapping Lines(IReadOnlyList<BoundValue> values, StepScope scope, string? self, IReadOnlyList<string> lines) =>
        Write(values, scope, self, lines);

    private static PlanMapping Write(IReadOnlyList<BoundValue> values, StepScope scope, string? self, IReadOnlyList<string>? lines)
    {
        var names = values.Aggregate(ImmutableSortedSet.Create<string>(StringComparer.Ordinal), (all, v) => all.Union(v.Names));
        // A name without a slot is an unknown one, reported already.
        var known = names.Where(n => n != self && scope.Slots.ContainsKey(n)).ToArray();
        return new PlanMapping
        {
            Sources = [.. values.Select(v => v.Source)],
            Names = known,
            Slots = [.. known.Select(n => scope.Slots[n])],
            Places = [.. values.Select(v => ExpressionBinder.Place(v.Span))],
            SelfName = self,
            Hidden = [.. Enumerable.Range(0, values.Count).Where(i => values[i].Hidden)],
            LineNames = lines,
        };
    }
}

using System.Collections.Immutable;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>The names a step can read at its place in the flow, their slots, and what conditions before it have shown. Immutable.</summary>
internal sealed record StepScope(NameScope Names, ImmutableDictionary<string, int> Slots)
{
    /// <summary>For the text of a condition that may have skipped steps: what was there when it held. Values never change, so the same text holds again.</summary>
    private ImmutableDictionary<string, ImmutableHashSet<string>> SkippedBy { get; init; } = ImmutableDictionary<string, ImmutableHashSet<string>>.Empty;

    public StepScope With(string name, ExprType type, int slot) =>
        this with { Names = Names.With(name, type), Slots = Slots.SetItem(name, slot) };

    public StepScope Without(string name, string reason) =>
        this with { Names = Names.Without(name).WithUnavailable(name, reason), Slots = Slots.Remove(name) };

    public StepScope Narrow(IEnumerable<string> nonNull) => this with { Names = Names.WithNonNull(nonNull) };

    /// <summary>Inside a condition: what is known when it is true, and what earlier steps under the same condition gave.</summary>
    public StepScope Inside(string condition, IEnumerable<string> whenTrue)
    {
        var scope = Narrow(whenTrue);
        return SkippedBy.TryGetValue(condition, out var there) ? scope.Narrow(there) : scope;
    }

    public StepScope RememberSkip(string condition, string name)
    {
        var before = SkippedBy.GetValueOrDefault(condition, []);
        return this with { SkippedBy = SkippedBy.SetItem(condition, before.Add(name)) };
    }

    /// <summary>What is known when the steps came here one way or the other; a name only one way has set is null the other way.</summary>
    public static StepScope Join(StepScope a, StepScope b)
    {
        var names = a.Names;
        var slots = a.Slots;
        foreach (var name in a.Names.Names.Union(b.Names.Names))
        {
            var inA = a.Names.TryGet(name, out var typeA);
            var inB = b.Names.TryGet(name, out var typeB);
            if (inA && inB && ReferenceEquals(typeA, typeB)) continue;
            var type = inA && inB ? ExprType.Join(typeA, typeB) : (inA ? typeA : typeB).OrNull();
            names = names.With(name, type);
            if (!slots.ContainsKey(name) && b.Slots.TryGetValue(name, out var slot)) slots = slots.SetItem(name, slot);
        }

        var both = a.Names.NonNull.Intersect(b.Names.NonNull);
        foreach (var root in a.Names.NonNull.Except(both).Select(Root).Distinct().ToArray())
        {
            // Taking a name anew forgets what was known of it.
            if (names.TryGet(root, out var type)) names = names.With(root, type);
        }

        var skipped = a.SkippedBy;
        foreach (var (condition, there) in b.SkippedBy)
        {
            skipped = skipped.SetItem(condition, skipped.TryGetValue(condition, out var other) ? other.Union(there) : there);
        }

        return new StepScope(names.WithNonNull(both), slots) { SkippedBy = skipped };
    }

    /// <summary>As <see cref="Join"/>; a way that is never taken adds nothing.</summary>
    public static StepScope? Either(StepScope? a, StepScope? b) => a is null ? b : b is null ? a : Join(a, b);

    private static string Root(string path)
    {
        var end = path.AsSpan().IndexOfAny('.', '[');
        return end < 0 ? path : path[..end];
    }
}

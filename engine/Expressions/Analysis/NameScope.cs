using System.Collections.Immutable;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Analysis;

/// <summary>The names an expression may use, with their types, and what is already known about them. Immutable.</summary>
public sealed class NameScope
{
    private readonly ImmutableDictionary<string, ExprType> types;
    private readonly ImmutableDictionary<string, string> unavailable;

    private NameScope(ImmutableDictionary<string, ExprType> types, ImmutableDictionary<string, string> unavailable, ImmutableHashSet<string> nonNull)
    {
        this.types = types;
        this.unavailable = unavailable;
        NonNull = nonNull;
    }

    public static NameScope Empty { get; } = new(
        ImmutableDictionary<string, ExprType>.Empty,
        ImmutableDictionary<string, string>.Empty,
        ImmutableHashSet<string>.Empty);

    public IEnumerable<string> Names => types.Keys;

    /// <summary>Paths (<c>input.address</c>) that are known not to be null here.</summary>
    public ImmutableHashSet<string> NonNull { get; }

    public NameScope With(string name, ExprType type) =>
        new(types.SetItem(name, type), unavailable.Remove(name), NonNull.Except(NonNull.Where(p => Begins(p, name))));

    public NameScope Without(string name) => new(types.Remove(name), unavailable, NonNull);

    /// <summary>A name that exists but cannot be read here, with the reason: "step 'account' comes after this one".</summary>
    public NameScope WithUnavailable(string name, string reason) => new(types, unavailable.SetItem(name, reason), NonNull);

    /// <summary>The same scope behind a condition: <see cref="ExpressionAnalysis.WhenTrueNonNull"/> or <c>WhenFalseNonNull</c>.</summary>
    public NameScope WithNonNull(IEnumerable<string> paths) => new(types, unavailable, NonNull.Union(paths));

    public bool TryGet(string name, out ExprType type) => types.TryGetValue(name, out type!);

    public string? WhyUnavailable(string name) => unavailable.GetValueOrDefault(name);

    internal NameScope With(ImmutableHashSet<string> nonNull) => new(types, unavailable, nonNull);

    private static bool Begins(string path, string name) =>
        path.StartsWith(name, StringComparison.Ordinal) && (path.Length == name.Length || path[name.Length] is '.' or '[');
}

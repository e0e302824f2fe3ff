using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Library;

/// <summary>A type as written in the library's signatures: a type, a variable, or something made of them.</summary>
internal abstract record SignatureType
{
    public sealed record Plain(ExprType Type) : SignatureType;

    public sealed record Variable(string Name) : SignatureType;

    /// <summary><c>T!</c>: what the variable stands for, without null.</summary>
    public sealed record NonNull(SignatureType Of) : SignatureType;

    /// <summary><c>~T</c>: anything that can be compared with it.</summary>
    public sealed record Comparable(SignatureType With) : SignatureType;

    public sealed record ListOf(SignatureType Item, bool NonEmpty) : SignatureType;

    public sealed record ObjectOf(IReadOnlyList<(string Name, SignatureType Type)> Fields) : SignatureType;

    public sealed record Function(IReadOnlyList<SignatureType> Parameters, SignatureType Result) : SignatureType;

    public sealed record OneOf(IReadOnlyList<SignatureType> Types) : SignatureType;

    public sealed record Nullable(SignatureType Of) : SignatureType;

    public bool AcceptsNull => this is Nullable or Comparable or Plain { Type.Kind: ExprKind.Any };

    /// <summary>The type itself, with what the variables were found to stand for.</summary>
    public ExprType Resolve(IReadOnlyDictionary<string, ExprType> bound) => this switch
    {
        Plain p => p.Type,
        Variable v => bound.GetValueOrDefault(v.Name, ExprType.Any),
        NonNull n => n.Of.Resolve(bound).NotNull(),
        Comparable c => c.With.Resolve(bound).OrNull(),
        ListOf l => ExprType.List(l.Item.Resolve(bound), l.NonEmpty),
        ObjectOf o => ExprType.Object([.. o.Fields.Select(f => (f.Name, f.Type.Resolve(bound)))]),
        OneOf u => u.Types.Select(t => t.Resolve(bound)).Aggregate(ExprType.Join),
        Nullable n => n.Of.Resolve(bound).OrNull(),
        _ => ExprType.Any,
    };

    /// <summary>Whether the given type fits; binds variables on the way. Nullability is judged by the caller.</summary>
    public bool Match(ExprType given, Dictionary<string, ExprType> bound) => given.Kind is ExprKind.Any || this switch
    {
        Plain p => p.Type.OrNull().Accepts(given),
        Variable v => Bind(v.Name, given, bound),
        NonNull n => n.Of.Match(given, bound),
        Comparable => true,
        ListOf l => given.Kind is ExprKind.Nothing or ExprKind.Null || (given.Kind == ExprKind.List && l.Item.MatchItem(given.Item!, bound)),
        ObjectOf => given.Kind == ExprKind.Object,
        OneOf u => given.Kind is ExprKind.Nothing or ExprKind.Null || u.Types.Any(t => t.Match(given, bound)),
        Nullable n => given.Kind == ExprKind.Null || n.Of.Match(given.NotNull(), bound),
        _ => false,
    };

    private bool MatchItem(ExprType given, Dictionary<string, ExprType> bound) =>
        Match(given, bound) && (!given.IsNullable || this is Variable || AcceptsNull || given.Kind == ExprKind.Nothing);

    private static bool Bind(string name, ExprType given, Dictionary<string, ExprType> bound)
    {
        bound[name] = bound.TryGetValue(name, out var before) ? ExprType.Join(before, given) : given;
        return true;
    }

    public sealed override string ToString() => this switch
    {
        Plain p => p.Type.ToString(),
        Variable v => v.Name,
        NonNull n => n.Of.ToString(),
        Comparable c => c.With.ToString(),
        ListOf l => $"list of {l.Item}",
        ObjectOf o => $"{{ {string.Join(", ", o.Fields.Select(f => $"{f.Name}: {f.Type}"))} }}",
        Function f => $"({string.Join(", ", f.Parameters)}) => {f.Result}",
        OneOf u => string.Join(" or ", u.Types),
        Nullable n => $"{n.Of} or null",
        _ => "",
    };
}

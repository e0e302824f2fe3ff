namespace WorkflowEngine.Expressions.Library;

/// <summary>One entry of the library: what checker, documentation and completion know of it.</summary>
public sealed record LibraryFunction
{
    /// <summary><c>money.add</c>; of a method only its name, <c>map</c>.</summary>
    public required string Name { get; init; }

    public required LibraryKind Kind { get; init; }

    /// <summary>As written in the data: <c>(a: text?) -> text</c>.</summary>
    public required string Signature { get; init; }

    public required string Docs { get; init; }

    public required string Example { get; init; }

    /// <summary>Null in any argument gives null.</summary>
    public bool PropagatesNull { get; init; }

    public IReadOnlyList<LibraryParameter> Parameters { get; init; } = [];

    public string Returns { get; init; } = "";

    internal SignatureType Result { get; init; } = null!;

    /// <summary>The result when some argument may be null, where that differs.</summary>
    internal SignatureType? ResultWhenNullable { get; init; }

    /// <summary>What a variable of the signature may stand for.</summary>
    internal IReadOnlyDictionary<string, SignatureType> Limits { get; init; } = new Dictionary<string, SignatureType>();

    /// <summary>The method's callback also narrows: items that remain have passed it.</summary>
    internal bool Narrows { get; init; }

    internal int Required => Parameters.Count(p => !p.IsOptional);
}

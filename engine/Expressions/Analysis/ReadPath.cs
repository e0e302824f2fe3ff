using System.Collections.Immutable;

namespace WorkflowEngine.Expressions.Analysis;

/// <summary>Something an expression reads: a name of its scope and the members below it; <c>[]</c> stands for the items of a list.</summary>
public sealed class ReadPath : IEquatable<ReadPath>
{
    public const string Items = "[]";

    public ReadPath(string root, ImmutableArray<string> members)
    {
        Root = root;
        Members = members;
        text = members.Aggregate(root, (path, m) => m == Items ? path + m : path + "." + m);
    }

    private readonly string text;

    public string Root { get; }

    public ImmutableArray<string> Members { get; }

    internal ReadPath With(string member) => new(Root, Members.Add(member));

    public bool Equals(ReadPath? other) => other is not null && other.text == text;

    public override bool Equals(object? obj) => Equals(obj as ReadPath);

    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => text;
}

using System.Collections.Immutable;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Analysis;

/// <summary>What is known of a part of an expression: its type and where its value comes from.</summary>
internal readonly record struct Checked(ExprType Type, ImmutableArray<ReadPath> Origins)
{
    /// <summary>Where the items of a list come from, when not from the list's own path.</summary>
    public ImmutableArray<ReadPath> MappedItems { get; init; }

    /// <summary>Inside a chain: a <c>?.</c> before may already have ended it with null.</summary>
    public bool MayEndEarly { get; init; }

    public static Checked Of(ExprType type) => new(type, []);

    public ImmutableArray<ReadPath> ItemOrigins => MappedItems.IsDefault ? [.. Origins.Select(o => o.With(ReadPath.Items))] : MappedItems;

    public Checked Or(Checked other, ExprType type) => new(type, [.. Origins, .. other.Origins])
    {
        MappedItems = MappedItems.IsDefault && other.MappedItems.IsDefault ? default : [.. ItemOrigins, .. other.ItemOrigins],
    };
}

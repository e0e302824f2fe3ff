namespace WorkflowEngine.Abstractions;

/// <summary>Reads of one entity by several askers; the connector joins what the vendor can join (<c>IN</c>, ids in 50s).</summary>
public sealed record ReadBatch
{
    /// <summary>The entity.</summary>
    public required string Entity { get; init; }

    /// <summary>Paths to read; the id and version fields are always read.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>One condition per asker; equal shapes, only the values differ.</summary>
    public required IReadOnlyList<Condition> Conditions { get; init; }

    /// <summary>Order of the rows of each answer; empty = the vendor's.</summary>
    public IReadOnlyList<OrderTerm> OrderBy { get; init; } = [];

    /// <summary>Most rows per asker. An asker with more gets <see cref="ReadRows.More"/> and the first rows in order.</summary>
    public int RowCap { get; init; } = 200;

    /// <summary>Also rows the vendor hides as inactive.</summary>
    public bool IncludeInactive { get; init; }

    /// <summary>Only records that were deleted and can be restored; those that went up in another by a merge are not among them. For entities that are <see cref="EntityDescriptor.Restorable"/>.</summary>
    public bool Deleted { get; init; }

    /// <summary>Who goes first when the budget is short.</summary>
    public CallPriority Priority { get; init; }

    /// <summary>Names of the steps that ask, for traces and tests; a connector decides nothing by them.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];
}

/// <summary>One field to sort by.</summary>
/// <param name="Path">The field's path.</param>
/// <param name="Descending">Greatest first.</param>
public sealed record OrderTerm(string Path, bool Descending);

/// <summary>The rows one asker gets.</summary>
/// <param name="Rows">Records in the engine's values, typed by the catalogue; nested objects as objects.</param>
/// <param name="More">True when the row cap cut the answer.</param>
public sealed record ReadRows(IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows, bool More = false);

namespace WorkflowEngine.Abstractions;

/// <summary>Sums over records of one entity for several askers.</summary>
public sealed record AggregateBatch
{
    /// <summary>The entity.</summary>
    public required string Entity { get; init; }

    /// <summary>One condition per asker; equal shapes, only the values differ.</summary>
    public required IReadOnlyList<Condition> Conditions { get; init; }

    /// <summary>Paths whose equal values make one row; empty = exactly one row per asker, also over no records.</summary>
    public IReadOnlyList<string> GroupBy { get; init; } = [];

    /// <summary>The columns of each row, beside the group's paths and <c>count</c> (the number of records, a long), which every row has.</summary>
    public IReadOnlyList<AggregateColumn> Columns { get; init; } = [];

    /// <summary>Most rows per asker; one with more gets <see cref="ReadRows.More"/>.</summary>
    public int RowCap { get; init; } = 2000;

    /// <summary>Also rows the vendor hides as inactive.</summary>
    public bool IncludeInactive { get; init; }

    /// <summary>Who goes first when the budget is short.</summary>
    public CallPriority Priority { get; init; }

    /// <summary>Names of the steps that ask, for traces and tests; a connector decides nothing by them.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];
}

/// <summary>One column of a sum.</summary>
/// <param name="Name">Its name in the rows.</param>
/// <param name="Function">What is computed. The sum of nothing is 0, the least and greatest of nothing are null.</param>
/// <param name="Path">The field.</param>
public sealed record AggregateColumn(string Name, AggregateFunction Function, string Path);

/// <summary>What a column computes; records whose field is blank do not count.</summary>
public enum AggregateFunction
{
    /// <summary>The sum.</summary>
    Sum,

    /// <summary>The least value.</summary>
    Min,

    /// <summary>The greatest value.</summary>
    Max,
}

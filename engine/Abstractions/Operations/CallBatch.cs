namespace WorkflowEngine.Abstractions;

/// <summary>Calls of one named operation by several runs.</summary>
public sealed record CallBatch
{
    /// <summary>The operation's name.</summary>
    public required string Operation { get; init; }

    /// <summary>The <c>with</c> of each asker.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, object?>> Items { get; init; }

    /// <summary>Who goes first when the budget is short.</summary>
    public CallPriority Priority { get; init; }

    /// <summary>Names of the steps that ask, for traces and tests; a connector decides nothing by them.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];
}

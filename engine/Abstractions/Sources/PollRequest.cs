namespace WorkflowEngine.Abstractions;

/// <summary>Asks a source for its next page.</summary>
public sealed record PollRequest
{
    /// <summary>The entity whose events are wanted.</summary>
    public required string Entity { get; init; }

    /// <summary>One of <see cref="EntityEvent.Feeds"/>.</summary>
    public required string Feed { get; init; }

    /// <summary>Where the source stands. A token of null begins at the stamp.</summary>
    public required SourceCursor Cursor { get; init; }

    /// <summary>Who goes first when the budget is short.</summary>
    public CallPriority Priority { get; init; }
}

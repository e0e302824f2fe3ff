namespace WorkflowEngine.Runtime;

/// <summary>What became of a job's rows.</summary>
public enum BulkJobState
{
    /// <summary>The vendor has a job; whether its rows were handed over the vendor knows.</summary>
    Made = 0,

    /// <summary>It was given up before its rows were handed over: nothing of it was done.</summary>
    Dropped = 1,
}

/// <summary>The vendor's job of a wave: kept before its rows are handed over, so that after a crash they are asked for there and not sent again.</summary>
public sealed record BulkJob
{
    public required string Workspace { get; init; }

    /// <summary>The wave, as the intents of its runs name it.</summary>
    public required string Wave { get; init; }

    /// <summary>The connection's name.</summary>
    public required string Connection { get; init; }

    /// <summary>The vendor's id of the job.</summary>
    public required string Job { get; init; }

    public required string Entity { get; init; }

    public required int Rows { get; init; }

    public BulkJobState State { get; init; }

    public required DateTimeOffset MadeAt { get; init; }
}

namespace WorkflowEngine.Runtime;

/// <summary>All that waits and flies for one realm; guarded by its lock.</summary>
internal sealed class RealmBatches
{
    public Lock Gate { get; } = new();

    public Dictionary<BatchKey, BatchLane> Lanes { get; } = [];

    /// <summary>Target identities in flight: later requests for them wait in order of arrival, unmerged.</summary>
    public HashSet<string> Targets { get; } = [];

    /// <summary>Lock parents in flight, each with the number of calls that hold it.</summary>
    public HashSet<string> Parents { get; } = [];
}

/// <summary>What may share a call.</summary>
internal readonly record struct BatchKey(string Connection, string Kind, string Entity, string Shape, Abstractions.CallPriority Priority, TimeSpan Timeout);

namespace WorkflowEngine.Runtime;

/// <summary>
/// Which lanes this node runs, and with them the sources, schedules and backfills that belong to these lanes (<see cref="Lane.OfCursor"/>). The embedded default owns everything in its process; a cluster
/// answers by leases.
/// </summary>
public interface IOwnership
{
    /// <summary>Lanes this node owns now.</summary>
    IReadOnlyList<int> OwnedLanes { get; }

    /// <summary>True while this node owns the lane.</summary>
    bool Owns(int lane);

    /// <summary>
    /// The fencing token that commits of a lane carry: the one this node took the lane with, also while runs of a lane that it lost or gives up are in memory. 0 = it has none; where there is one
    /// process nothing is fenced.
    /// </summary>
    long FencingToken(int lane);

    /// <summary>
    /// Whether this node's hold on its lanes was confirmed within the last second, so that it may begin a request; waits a little for the confirmation. A node that was frozen or cut off begins none.
    /// </summary>
    ValueTask<bool> MayCallAsync(CancellationToken cancellationToken);

    /// <summary>Raised when ownership changed.</summary>
    event Action? Changed;
}

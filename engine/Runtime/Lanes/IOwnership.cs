namespace WorkflowEngine.Runtime;

/// <summary>Who runs which lane and source. The embedded default owns everything in its process; a cluster answers by leases.</summary>
public interface IOwnership
{
    /// <summary>Lanes this node owns now.</summary>
    IReadOnlyList<int> OwnedLanes { get; }

    /// <summary>True while this node runs the source of this realm and feed.</summary>
    bool OwnsSource(string realm, string feed);

    /// <summary>The fencing token checked in every commit of a lane; 0 where there is one process.</summary>
    long FencingToken(int lane);

    /// <summary>Raised when ownership changed.</summary>
    event Action? Changed;
}

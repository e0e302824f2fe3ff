using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>A run in memory: its state and what it was claimed with.</summary>
internal sealed class Run
{
    public required RunState State { get; init; }

    public required ActiveDeployment Deployment { get; init; }

    public required ReadyEvent Event { get; init; }

    public required byte[] Payload { get; init; }

    public PlanTrigger? Trigger { get; init; }

    /// <summary>What is remembered of the key; null when nothing is.</summary>
    public KeyState? Remembered { get; init; }

    /// <summary>What will be remembered once the run ends well.</summary>
    public KeyState? Remember { get; set; }

    /// <summary>The record or payload, after hydration.</summary>
    public object? Record { get; set; }

    public string? Version { get; set; }

    /// <summary>Older changes this one takes the place of.</summary>
    public IReadOnlyList<ReadyEvent> Superseded { get; init; } = [];

    /// <summary>Tells when each step was done; null = that is not told.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>It goes on from a stored state.</summary>
    public bool Resumed { get; init; }

    /// <summary>It is a replay from a failed step that begins now.</summary>
    public bool FromStep { get; init; }

    /// <summary>Links that the store is being told of; durable before the run is settled.</summary>
    public List<Task>? Links { get; set; }

    /// <summary>Ends when the store knows that it is in flight: a write that no checkpoint stands before must not leave earlier, or a death would not be seen.</summary>
    public Task Noted { get; set; } = Task.CompletedTask;

    /// <summary>
    /// Since what is stored of it, it has only written by keys that the vendor keeps unique and computed from what is stored: after a death it does all of that again alike, and the next such write needs no
    /// checkpoint of its own.
    /// </summary>
    public bool GoesOnAlike { get; set; }

    /// <summary>Claims it may hold: given up when it parks without an intent, fails or ends.</summary>
    public List<LinkKey>? Claims { get; set; }

    /// <summary>What parked it waits for.</summary>
    public Waiter? Waiter { get; set; }

    /// <summary>Its place in a wave: taken when it is parked.</summary>
    public Seat? Seat { get; set; }

    /// <summary>Connections that answered it.</summary>
    public HashSet<string> Used { get; } = [];

    public BoundConnection Connection(string logicalName) => Deployment.Connections[logicalName];
}

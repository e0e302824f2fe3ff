using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>A run's place in a wave.</summary>
internal sealed class Seat(Wave wave, DeploymentRef deployment, long eventId, WriteAsk ask, IReadOnlyList<string> targets)
{
    private readonly TaskCompletionSource _parked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Wave Wave { get; } = wave;

    public DeploymentRef Deployment { get; } = deployment;

    public long EventId { get; } = eventId;

    public WriteItem Item { get; } = ask.Item;

    /// <summary>Rows of one parent stand beside each other: the vendor locks it once.</summary>
    public string LockParent { get; } = ask.LockParents.Count > 0 ? ask.LockParents[0] : "";

    /// <summary>The identities it holds.</summary>
    public IReadOnlyList<string> Targets { get; } = targets;

    /// <summary>Ends when the run with its intent is durable, or has left.</summary>
    public Task Parked => _parked.Task;

    /// <summary>The run went another way before it was parked.</summary>
    public bool Left { get; private set; }

    public SeatAnswer? Answer { get; set; }

    public void Park() => _parked.TrySetResult();

    public void Leave()
    {
        Left = true;
        _parked.TrySetResult();
    }
}

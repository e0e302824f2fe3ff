namespace WorkflowEngine.Runtime;

/// <summary>Tells the owner of lanes that events were accepted.</summary>
public sealed class LaneSignal
{
    /// <summary>Raised on the thread of <see cref="Raise"/>, with how many events were accepted.</summary>
    public event Action<DeploymentRef, int>? Raised;

    public void Raise(DeploymentRef deployment, int events) => Raised?.Invoke(deployment, events);
}

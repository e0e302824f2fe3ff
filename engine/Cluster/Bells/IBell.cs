using Orleans.Concurrency;

namespace WorkflowEngine.Cluster;

/// <summary>Hears what concerns its node.</summary>
public interface IBell : IGrainObserver
{
    [OneWay]
    Task RingAsync(Ring ring);
}

using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>A disk that can be made to hold sets without changes until it is told to go on.</summary>
public sealed class SlowDisk
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called when events were kept, before anybody is told.</summary>
    public Action? EventsKept { get; set; }

    public void Release() => _release.TrySetResult();

    public IStoreWriter Around(IStoreWriter writer) => new Writer(this, writer);

    private sealed class Writer(SlowDisk disk, IStoreWriter inner) : IStoreWriter
    {
        public async Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
        {
            if (sets.Any(s => s.Changes.Count == 0)) await disk._release.Task.WaitAsync(cancellationToken);
            var results = await inner.CommitAsync(sets, cancellationToken);
            if (sets.Any(s => s.Changes.OfType<AppendEvents>().Any())) disk.EventsKept?.Invoke();
            return results;
        }
    }
}

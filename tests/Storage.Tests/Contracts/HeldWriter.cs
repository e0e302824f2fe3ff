using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage.Tests;

/// <summary>Holds the first call to a store, so that those who come meanwhile go together, and counts what each call brings.</summary>
internal sealed class HeldWriter(IStoreWriter inner) : IStoreWriter
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first call has come.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Sets in each call.</summary>
    public List<int> Sizes { get; } = [];

    public void Release() => _release.TrySetResult();

    public void Prepare(ChangeSet set) => inner.Prepare(set);

    public async Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
    {
        Sizes.Add(sets.Count);
        _begun.TrySetResult();
        await _release.Task;
        return await inner.CommitAsync(sets, cancellationToken);
    }
}

using WorkflowEngine.Runtime;

namespace WorkflowEngine.EndToEnd.Tests.Load;

/// <summary>Knows whether a transaction is on its way to the disk: virtual time stands still meanwhile.</summary>
internal sealed class BusyDisk
{
    private int _under;

    public bool IsBusy => Volatile.Read(ref _under) > 0;

    public IStoreWriter Around(IStoreWriter writer) => new Watched(this, writer);

    private sealed class Watched(BusyDisk disk, IStoreWriter inner) : IStoreWriter
    {
        public async Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref disk._under);
            try
            {
                return await inner.CommitAsync(sets, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref disk._under);
            }
        }
    }
}

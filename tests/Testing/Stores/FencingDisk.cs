using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>Refuses sets as those of a lane that another node owns now.</summary>
/// <param name="inner">What keeps the others.</param>
/// <param name="isLost">Which are refused.</param>
public sealed class FencingDisk(IStoreWriter inner, Func<ChangeSet, bool> isLost) : IStoreWriter
{
    public async Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
    {
        var lost = sets.Select(isLost).ToList();
        var kept = new Queue<ChangeSetResult>(await inner.CommitAsync([.. sets.Where((_, i) => !lost[i])], cancellationToken));
        return [.. lost.Select(fenced => fenced ? new ChangeSetResult { Fenced = true } : kept.Dequeue())];
    }
}

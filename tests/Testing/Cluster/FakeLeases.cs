using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>The leases of lanes as a database keeps them: who has one, and its token.</summary>
public sealed class FakeLeases
{
    private readonly Lock _gate = new();
    private readonly long[] _tokens = new long[Lane.Count];

    /// <summary>A new owner of a lane: its token is one more.</summary>
    public long Take(int lane)
    {
        lock (_gate) return ++_tokens[lane];
    }

    /// <summary>The token as it stands.</summary>
    public long TokenOf(int lane)
    {
        lock (_gate) return _tokens[lane];
    }

    /// <summary>A node's way to the store: a set of a lane whose token is another one by now changes nothing.</summary>
    public IStoreWriter Fence(IStoreWriter writer, IOwnership ownership) => new Fenced(this, writer, ownership);

    private sealed class Fenced(FakeLeases leases, IStoreWriter inner, IOwnership ownership) : IStoreWriter
    {
        public Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
        {
            // A take and a commit exclude each other, as in the database.
            lock (leases._gate)
            {
                var lost = sets.Select(set => Lane.Of(set).Any(lane => ownership.FencingToken(lane) is 0 || ownership.FencingToken(lane) != leases._tokens[lane])).ToList();
                var kept = inner.CommitAsync([.. sets.Where((_, i) => !lost[i])], cancellationToken);
                return kept.IsCompleted ? Task.FromResult<IReadOnlyList<ChangeSetResult>>(Join(lost, kept)) : kept;
            }
        }

        private static List<ChangeSetResult> Join(List<bool> lost, Task<IReadOnlyList<ChangeSetResult>> kept)
        {
            var results = new Queue<ChangeSetResult>(kept.GetAwaiter().GetResult());
            return [.. lost.Select(fenced => fenced ? new ChangeSetResult { Fenced = true } : results.Dequeue())];
        }
    }
}

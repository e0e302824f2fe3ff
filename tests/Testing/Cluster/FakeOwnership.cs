using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>What one node of a test believes it holds. Cut off it goes on believing, and begins no call until it hears again.</summary>
public sealed class FakeOwnership : IOwnership
{
    private readonly Lock _gate = new();
    private readonly long[] _tokens = new long[Lane.Count];
    private readonly SortedSet<int> _owned = [];
    private TaskCompletionSource<bool>? _cut;

    public event Action? Changed;

    public IReadOnlyList<int> OwnedLanes
    {
        get
        {
            lock (_gate) return [.. _owned];
        }
    }

    /// <summary>Its leases are not confirmed any more.</summary>
    public bool IsCut => _cut is not null;

    public bool Owns(int lane)
    {
        lock (_gate) return _owned.Contains(lane);
    }

    public long FencingToken(int lane)
    {
        lock (_gate) return _tokens[lane];
    }

    public async ValueTask<bool> MayCallAsync(CancellationToken cancellationToken)
    {
        Task<bool>? cut;
        lock (_gate) cut = _cut?.Task;
        return cut is null || await cut.ConfigureAwait(false);
    }

    public void Own(int lane, long token)
    {
        lock (_gate)
        {
            _tokens[lane] = token;
            _owned.Add(lane);
        }

        Changed?.Invoke();
    }

    /// <summary>Nothing more is claimed of these lanes; their tokens stay.</summary>
    public void Leave(IEnumerable<int> lanes)
    {
        lock (_gate) _owned.ExceptWith(lanes);
        Changed?.Invoke();
    }

    public void Cut()
    {
        lock (_gate) _cut ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>It hears what it lost meanwhile; calls that were about to leave do not.</summary>
    public void Heal(IEnumerable<int> lost)
    {
        TaskCompletionSource<bool>? cut;
        lock (_gate)
        {
            _owned.ExceptWith(lost);
            (cut, _cut) = (_cut, null);
        }

        cut?.SetResult(false);
        Changed?.Invoke();
    }
}

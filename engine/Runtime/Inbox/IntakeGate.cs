namespace WorkflowEngine.Runtime;

/// <summary>Why nothing more is accepted for a while.</summary>
/// <param name="Reason">For who sent it.</param>
/// <param name="RetryAfter">When to send again.</param>
/// <param name="TooMany">True: more comes than is worked off; false: it cannot be stored safely.</param>
public sealed record Shedding(string Reason, TimeSpan RetryAfter, bool TooMany);

/// <summary>
/// Closes intake before a limit is met, so that what was accepted can still be worked off: the disk keeps room for the outcomes of what waits, the database does not fall behind without end, the backlog
/// has a bound. Webhooks and people are told when to come again; sources and backfills wait by themselves.
/// </summary>
public sealed class IntakeGate(
    IInboxStore inbox, IGroupCommit commit, RunCounters counters, RuntimeOptions options, Func<CancellationToken, Task<long?>> freeBytes, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan DiskLook = TimeSpan.FromSeconds(1);
    /// <summary>Events after which the room is looked at again, however little time has passed: a burst would else use up what is kept for what was accepted.</summary>
    private const long DiskEvents = 128;

    private static readonly TimeSpan BacklogLook = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MuchLater = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _looking = new(1, 1);
    private DateTimeOffset _diskAt = DateTimeOffset.MinValue;
    private DateTimeOffset _backlogAt = DateTimeOffset.MinValue;
    private long _free = long.MaxValue;
    private long _acceptedAtDisk;
    private long _backlog;
    private long _acceptedThen;
    private long _settledThen;

    /// <summary>Null: more may be accepted.</summary>
    public async ValueTask<Shedding?> RefusalAsync(CancellationToken cancellationToken)
    {
        if (commit.IntakeWaiting >= options.MostIntakeWaiting) return new Shedding("The database is behind with what was sent before.", Soon, TooMany: false);
        var now = time.GetUtcNow();
        if (IsDiskDue(now) || now - _backlogAt >= BacklogLook) await LookAsync(now, cancellationToken).ConfigureAwait(false);
        if (Volatile.Read(ref _free) < options.LeastRoom) return new Shedding("The disk or the database is nearly full; what is left is kept for what was accepted.", MuchLater, TooMany: false);
        var waiting = Volatile.Read(ref _backlog) + (counters.Accepted - Volatile.Read(ref _acceptedThen)) - (counters.Settled - Volatile.Read(ref _settledThen));
        return waiting >= options.MostWaiting ? new Shedding($"{options.MostWaiting} events wait already.", Later, TooMany: true) : null;
    }

    public void Dispose() => _looking.Dispose();

    private bool IsDiskDue(DateTimeOffset now) => now - _diskAt >= DiskLook || counters.Accepted - Volatile.Read(ref _acceptedAtDisk) >= DiskEvents;

    /// <summary>One looks; the others go by what was seen last.</summary>
    private async Task LookAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!await _looking.WaitAsync(_backlogAt == DateTimeOffset.MinValue ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken).ConfigureAwait(false)) return;
        try
        {
            if (IsDiskDue(now))
            {
                Volatile.Write(ref _acceptedAtDisk, counters.Accepted);
                Volatile.Write(ref _free, await freeBytes(cancellationToken).ConfigureAwait(false) ?? long.MaxValue);
                _diskAt = now;
            }

            if (now - _backlogAt < BacklogLook) return;
            Volatile.Write(ref _acceptedThen, counters.Accepted);
            Volatile.Write(ref _settledThen, counters.Settled);
            Volatile.Write(ref _backlog, (await inbox.CountAsync(cancellationToken).ConfigureAwait(false)).Sum(b => b.Ready + b.Behind + b.Delayed));
            _backlogAt = now;
        }
        finally
        {
            _looking.Release();
        }
    }
}

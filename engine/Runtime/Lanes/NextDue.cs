namespace WorkflowEngine.Runtime;

/// <summary>When the next parked run is due, and the timer for it.</summary>
internal sealed class NextDue(TimeProvider time, Action reached) : IAsyncDisposable
{
    private readonly DueTimer _timer = new(time, reached);
    private readonly Lock _arming = new();
    private long _ticks = long.MaxValue;

    /// <summary>The time; null when none is due.</summary>
    public DateTimeOffset? Time => Volatile.Read(ref _ticks) is var ticks and < long.MaxValue ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Whether that time has come.</summary>
    public bool IsReached(DateTimeOffset now) => Volatile.Read(ref _ticks) <= now.UtcTicks;

    /// <summary>Something may be due at once; no timer is needed.</summary>
    public void Now() => Volatile.Write(ref _ticks, 0);

    /// <summary>What was due is looked after.</summary>
    public void Clear() => Volatile.Write(ref _ticks, long.MaxValue);

    /// <summary>Something is due at a time.</summary>
    public void Add(DateTimeOffset due)
    {
        while (true)
        {
            var before = Volatile.Read(ref _ticks);
            if (before <= due.UtcTicks) return;
            if (Interlocked.CompareExchange(ref _ticks, due.UtcTicks, before) == before) break;
        }

        Arm();
    }

    /// <summary>Sets the timer to what is due next. One at a time: a later time must not overwrite an earlier one that came in between.</summary>
    public void Arm()
    {
        lock (_arming)
        {
            if (Time is { } due) _timer.Set(due);
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}

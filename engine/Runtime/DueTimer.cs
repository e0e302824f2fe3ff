namespace WorkflowEngine.Runtime;

/// <summary>Calls at a time, not after a wait. May call early, after a day at the latest: who is called looks at the clock and sets it again.</summary>
internal sealed class DueTimer : IAsyncDisposable
{
    private const int MostRounds = 3;
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly Action _due;
    private readonly ITimer _timer;

    /// <param name="time">The clock.</param>
    /// <param name="due">Called at the time, on any thread; within <see cref="Set"/> when the time has come already.</param>
    public DueTimer(TimeProvider time, Action due)
    {
        (_time, _due) = (time, due);
        _timer = time.CreateTimer(static self => ((DueTimer)self!)._due(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Replaces the time before. One at a time: of two at once the later one may win.</summary>
    public void Set(DateTimeOffset at)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var now = _time.GetUtcNow();
            if (at <= now) break;
            var wait = at - now;
            _timer.Change(wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);

            // The wait began later than it was counted, by nothing that matters. A clock that is moved by hand may have made a leap in between, and the call would be late by it.
            if (_time.GetUtcNow() == now) return;
        }

        if (at <= _time.GetUtcNow()) _due();
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}

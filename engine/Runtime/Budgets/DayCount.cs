using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>Calls of the last 24 hours by who asked, in hours that leave the count one by one; and what live work and others are likely to take.</summary>
internal sealed class DayCount
{
    private const int Hours = 24;
    private const int Minutes = 60;
    private const int Kinds = 3;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Trend = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongWindow = TimeSpan.FromHours(1);

    private readonly long[,] _byHour = new long[Kinds, Hours];
    private readonly long[] _liveByMinute = new long[Minutes];
    private readonly long[] _sums = new long[Kinds];
    private readonly Queue<(DateTimeOffset At, long Foreign)> _seen = new();
    private long _hour = -1;
    private long _minute = -1;
    private DateTimeOffset _since;
    private DateTimeOffset _lastSeen = DateTimeOffset.MinValue;

    /// <summary>Our calls of 24 hours.</summary>
    public long Used => _sums[0] + _sums[1] + _sums[2];

    /// <summary>Calls of others in 24 hours, as the vendor last told.</summary>
    public long Foreign { get; private set; }

    public long Of(CallPriority priority) => _sums[(int)priority];

    public void Add(CallPriority priority)
    {
        _sums[(int)priority]++;
        _byHour[(int)priority, _hour % Hours]++;
        if (priority != CallPriority.Backfill) _liveByMinute[_minute % Minutes]++;
    }

    /// <summary>The vendor counts everybody's calls; what is not ours is others'.</summary>
    public void Observe(long used, DateTimeOffset now)
    {
        Foreign = Math.Max(0, used - Used);
        // A few observations a minute are enough for a trend.
        if (now - _lastSeen < TimeSpan.FromSeconds(10)) return;
        _lastSeen = now;
        _seen.Enqueue((now, Foreign));
        while (_seen.Count > 1 && now - _seen.Peek().At > LongWindow) _seen.Dequeue();
    }

    /// <summary>Calls of live work and retries that 24 hours are likely to hold: those that they held, or what the last quarter of an hour says.</summary>
    public double LiveDay(DateTimeOffset now)
    {
        var known = now - _since < Window ? now - _since : Window;
        if (known < TimeSpan.FromMinutes(1)) return Of(CallPriority.Live) + Of(CallPriority.Retry);
        long sum = 0;
        for (var back = 1; back <= Math.Max(1, (int)known.TotalMinutes); back++) sum += _liveByMinute[(_minute - back + Minutes) % Minutes];
        return Math.Max(Of(CallPriority.Live) + Of(CallPriority.Retry), sum / Math.Floor(Math.Max(1, known.TotalMinutes)) * Minutes * Hours);
    }

    /// <summary>Calls of others that 24 hours are likely to hold.</summary>
    public double ForeignDay(DateTimeOffset now)
    {
        if (_seen.Count < 2) return Foreign;
        var (at, before) = _seen.Peek();
        var past = now - at;
        return past < Trend ? Foreign : Math.Max(Foreign, (Foreign - before) / past.TotalHours * Hours);
    }

    /// <summary>Calls of 24 hours ago leave the count.</summary>
    public void Roll(DateTimeOffset now)
    {
        var hour = now.ToUnixTimeSeconds() / 3600;
        var minute = now.ToUnixTimeSeconds() / 60;
        if (_hour < 0) (_hour, _minute, _since) = (hour, minute, now);
        for (; _minute < minute && minute - _minute <= Minutes; ) _liveByMinute[++_minute % Minutes] = 0;
        if (_minute < minute)
        {
            Array.Clear(_liveByMinute);
            _minute = minute;
        }

        if (hour - _hour >= Hours)
        {
            Array.Clear(_byHour);
            Array.Clear(_sums);
            _hour = hour;
        }

        while (_hour < hour)
        {
            _hour++;
            for (var kind = 0; kind < Kinds; kind++)
            {
                _sums[kind] -= _byHour[kind, _hour % Hours];
                _byHour[kind, _hour % Hours] = 0;
            }
        }
    }
}

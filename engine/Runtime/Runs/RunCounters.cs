namespace WorkflowEngine.Runtime;

/// <summary>What the node has done since its start.</summary>
public sealed class RunCounters
{
    private readonly long[] _outcomes = new long[6];
    private long _accepted;
    private long _parked;
    private long _latencyTicks;
    private long _latencyRuns;

    /// <summary>Events accepted, those dropped as the same event not counted.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    public long Parked => Interlocked.Read(ref _parked);

    public long Of(RunOutcome outcome) => Interlocked.Read(ref _outcomes[(int)outcome]);

    public long Settled
    {
        get
        {
            long sum = 0;
            for (var i = 0; i < _outcomes.Length; i++) sum += Interlocked.Read(ref _outcomes[i]);
            return sum;
        }
    }

    /// <summary>Mean time from acceptance to settlement.</summary>
    public TimeSpan MeanLatency => Interlocked.Read(ref _latencyRuns) is var runs and > 0 ? TimeSpan.FromTicks(Interlocked.Read(ref _latencyTicks) / runs) : TimeSpan.Zero;

    internal void Accept(long events) => Interlocked.Add(ref _accepted, events);

    internal void Park() => Interlocked.Increment(ref _parked);

    internal void Settle(RunRow row)
    {
        Interlocked.Increment(ref _outcomes[(int)row.Outcome]);
        Interlocked.Increment(ref _latencyRuns);
        Interlocked.Add(ref _latencyTicks, (row.EndedAt - row.AcceptedAt).Ticks);
    }
}

namespace WorkflowEngine.Runtime;

/// <summary>How much of everything a node holds at once.</summary>
public sealed record RuntimeOptions
{
    /// <summary>Runs in memory.</summary>
    public int Window { get; init; } = 1_000;

    /// <summary>Runs in memory that use one connection.</summary>
    public int WindowPerConnection { get; init; } = 1_000;

    /// <summary>Rows of a backfill that go to a vendor as one job.</summary>
    public int MostWaveRows { get; init; } = 10_000;

    /// <summary>Rows a query without a limit may give; more fail the step.</summary>
    public int QueryBound { get; init; } = 2_000;

    /// <summary>Rows an aggregate may look at; more fail the step.</summary>
    public int AggregateBound { get; init; } = 100_000;

    /// <summary>How long the explanation of each step is kept.</summary>
    public TimeSpan KeepJournal { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long the rows of runs and their effects are kept.</summary>
    public TimeSpan KeepRuns { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Events that may wait in the inbox; more are not accepted.</summary>
    public long MostWaiting { get; init; } = 2_000_000;

    /// <summary>Change sets of the intake that may wait for the database; more are not accepted.</summary>
    public int MostIntakeWaiting { get; init; } = 5_000;

    /// <summary>Bytes that stay free on the disk, or within the database's own bound, for what was accepted; with less nothing is accepted.</summary>
    public long LeastRoom { get; init; } = 256L * 1024 * 1024;

    /// <summary>How long a graceful stop waits for runs in memory.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the explanation of runs is gathered before it is stored.</summary>
    public TimeSpan JournalLinger { get; init; } = TimeSpan.FromMilliseconds(200);
}

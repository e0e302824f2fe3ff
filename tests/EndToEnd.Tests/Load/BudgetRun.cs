namespace WorkflowEngine.EndToEnd.Tests.Load;

/// <summary>What a run of budgets is made of.</summary>
internal sealed record BudgetRun
{
    /// <summary>Records of the backfill.</summary>
    public required long Rows { get; init; }

    public required double LivePerSecond { get; init; }

    /// <summary>Calls of others.</summary>
    public required double ForeignPerSecond { get; init; }

    /// <summary>Calls of everybody in 24 hours.</summary>
    public required long PerDay { get; init; }

    public double Reserve { get; init; } = 0.1;

    /// <summary>Rows of one call.</summary>
    public required int Batch { get; init; }

    /// <summary>The time one call takes.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Live work alone, before the backfill begins.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>The full size: 500,000 records, 20 live events a second.</summary>
    public static BudgetRun Whole { get; } = new() { Rows = 500_000, LivePerSecond = 20, ForeignPerSecond = 0.4, PerDay = 300_000, Batch = 200 };

    /// <summary>The same in small.</summary>
    public static BudgetRun Small { get; } = new() { Rows = 2_000, LivePerSecond = 0.5, ForeignPerSecond = 0.1, PerDay = 150_000, Batch = 1, WarmUp = TimeSpan.FromMinutes(16) };
}

/// <summary>A moment of the run.</summary>
/// <param name="Minutes">Since the backfill began.</param>
/// <param name="Rows">Records of the backfill that have run.</param>
/// <param name="Live">Our calls for live work.</param>
/// <param name="Backfill">Our calls for the backfill.</param>
/// <param name="Foreign">Calls of others.</param>
internal sealed record BudgetSample(double Minutes, long Rows, long Live, long Backfill, long Foreign);

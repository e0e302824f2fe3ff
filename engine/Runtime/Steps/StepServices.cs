namespace WorkflowEngine.Runtime;

/// <summary>What the steps work with.</summary>
internal sealed class StepServices
{
    public required IBatcher Batcher { get; init; }

    public required IGroupCommit Commit { get; init; }

    public required LinkReader Links { get; init; }

    public required LinkKinds LinkKinds { get; init; }

    public required LinkWaiters Waiters { get; init; }

    public required WaveBook Waves { get; init; }

    public required IRunStore Runs { get; init; }

    public RecentCreates RecentCreates => field ??= new RecentCreates(Links, Runs, Time);

    public required IEvaluator Evaluator { get; init; }

    public required TimeProvider Time { get; init; }

    public required IEffectBoundary Boundary { get; init; }

    public required RuntimeOptions Options { get; init; }

    public required RunnableCounter Runnable { get; init; }

    public required DeploymentRegistry Registry { get; init; }

    public required ReviewDesk Reviews { get; init; }

    public required LaneSignal Signal { get; init; }

    /// <summary>Told when a planned event was stored, so that it is looked for in time.</summary>
    public Action<DateTimeOffset>? Planned { get; set; }

    /// <summary>Whether an event of a backfill is not wanted any more.</summary>
    public Func<ReadyEvent, bool> IsCancelled { get; set; } = static _ => false;

    public DateTimeOffset Now => Time.GetUtcNow();
}

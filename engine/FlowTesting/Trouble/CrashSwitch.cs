using WorkflowEngine.Runtime;

namespace WorkflowEngine.FlowTesting;

/// <summary>
/// Lets the engine of a test die: from that moment nothing it does reaches the disk or a vendor, as after SIGKILL. It strikes when the vendor has answered
/// and nothing of the answer is durable: the hardest moment.
/// </summary>
internal sealed class CrashSwitch(FaultPlan faults) : IEffectBoundary
{
    private volatile bool _dead;

    public bool IsDead => _dead;

    public void Reached(EffectMoment moment, string runId, string step)
    {
        if (moment == EffectMoment.AfterAnswer && faults.TakeCrash(step)) _dead = true;
    }

    /// <summary>A new process.</summary>
    public void Revive() => _dead = false;

    public IStoreWriter Around(IStoreWriter writer) => new DyingWriter(this, writer);

    private sealed class DyingWriter(CrashSwitch crash, IStoreWriter inner) : IStoreWriter
    {
        public Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken) =>
            crash._dead ? throw new IOException("The process of the test is dead.") : inner.CommitAsync(sets, cancellationToken);
    }
}

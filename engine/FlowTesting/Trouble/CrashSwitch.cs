using WorkflowEngine.Runtime;

namespace WorkflowEngine.FlowTesting;

/// <summary>
/// Lets the engine of a test die: from that moment nothing it does reaches the disk or a vendor, as after SIGKILL. It strikes when the vendor has answered
/// and nothing of the answer is durable: the hardest moment.
/// </summary>
/// <param name="faults">Crashes that the test itself wants.</param>
/// <param name="kills">Boundaries at which it dies besides, in order, each counted from the start of the process before.</param>
internal sealed class CrashSwitch(FaultPlan faults, IReadOnlyList<long> kills) : IEffectBoundary
{
    private readonly Lock _gate = new();
    private volatile bool _dead;
    private long _reached;
    private int _kills;

    /// <summary>Effect boundaries reached so far by all processes.</summary>
    public long Boundaries { get; private set; }

    /// <summary>How often it died at one of the given boundaries.</summary>
    public int Kills => _kills;

    public bool IsDead => _dead;

    public void Reached(EffectMoment moment, string runId, string step)
    {
        lock (_gate)
        {
            if (_dead) return;
            Boundaries++;
            if (_kills < kills.Count && ++_reached == kills[_kills])
            {
                (_reached, _kills, _dead) = (0, _kills + 1, true);
                return;
            }
        }

        if (moment == EffectMoment.AfterAnswer && faults.TakeCrash(step)) _dead = true;
    }

    /// <summary>A new process.</summary>
    public void Revive() => _dead = false;

    public IStoreWriter Around(IStoreWriter writer) => new DyingWriter(this, new BoundaryWriter(new DyingWriter(this, writer), this));

    private sealed class DyingWriter(CrashSwitch crash, IStoreWriter inner) : IStoreWriter
    {
        public async Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
        {
            crash.Live();
            var results = await inner.CommitAsync(sets, cancellationToken).ConfigureAwait(false);
            // It may have died when all was on the disk: nobody is told then.
            crash.Live();
            return results;
        }
    }

    private void Live()
    {
        if (_dead) throw new IOException("The process of the test is dead.");
    }
}

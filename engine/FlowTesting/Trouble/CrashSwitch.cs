using WorkflowEngine.Runtime;

namespace WorkflowEngine.FlowTesting;

/// <summary>
/// Lets the engine of a test die: from that moment nothing it does reaches the disk or a vendor, as after SIGKILL. It strikes when the vendor has answered
/// and nothing of the answer is durable: the hardest moment.
/// </summary>
/// <param name="faults">Crashes that the test itself wants.</param>
/// <param name="kills">Boundaries at which it dies besides, in order, each counted from the start of the process before.</param>
internal sealed class CrashSwitch(FaultPlan faults, IReadOnlyList<long> kills)
{
    private readonly Lock _gate = new();
    private volatile bool _dead;
    private volatile int _process;
    private long _reached;
    private int _kills;

    /// <summary>Effect boundaries reached so far by all processes.</summary>
    public long Boundaries { get; private set; }

    /// <summary>How often it died at one of the given boundaries.</summary>
    public int Kills => _kills;

    /// <summary>The process that runs now is dead.</summary>
    public bool IsDead => _dead;

    /// <summary>The process that runs now; what belongs to an earlier one is dead for ever.</summary>
    public int Process => _process;

    /// <summary>Whether that process is dead.</summary>
    public bool HasDied(int process) => _dead || process != _process;

    /// <summary>A new process.</summary>
    public void Revive()
    {
        lock (_gate)
        {
            _process++;
            _dead = false;
        }
    }

    /// <summary>The boundaries of the process that runs now.</summary>
    public IEffectBoundary Boundary() => new ProcessBoundary(this, _process);

    /// <summary>The way to the disk of the process that runs now.</summary>
    public IStoreWriter Around(IStoreWriter writer) => new DyingWriter(this, _process, new BoundaryWriter(new DyingWriter(this, _process, writer), Boundary()));

    private void Reached(int process, EffectMoment moment, string step)
    {
        lock (_gate)
        {
            if (HasDied(process)) return;
            Boundaries++;
            if (_kills < kills.Count && ++_reached == kills[_kills])
            {
                (_reached, _kills, _dead) = (0, _kills + 1, true);
                return;
            }
        }

        if (moment == EffectMoment.AfterAnswer && faults.TakeCrash(step)) _dead = true;
    }

    private void Live(int process)
    {
        if (HasDied(process)) throw new DeadProcessException();
    }

    private sealed class ProcessBoundary(CrashSwitch crash, int process) : IEffectBoundary
    {
        public void Reached(EffectMoment moment, string runId, string step) => crash.Reached(process, moment, step);
    }

    private sealed class DyingWriter(CrashSwitch crash, int process, IStoreWriter inner) : IStoreWriter
    {
        public async Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
        {
            crash.Live(process);
            var results = await inner.CommitAsync(sets, cancellationToken).ConfigureAwait(false);
            // It may have died when all was on the disk: nobody is told then.
            crash.Live(process);
            return results;
        }
    }
}

using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>Replays dead letters singly or by filter.</summary>
public interface IDeadLetterReplay
{
    /// <param name="filter">Which open ones, when <paramref name="ids"/> is null.</param>
    /// <param name="ids">Just these.</param>
    /// <param name="fromStep">Go on at the failed step with the outputs so far; else from the start, the record read again.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<ReplayReport> ReplayAsync(DeadLetterFilter filter, IReadOnlyList<long>? ids, bool fromStep, CancellationToken cancellationToken);
}

/// <summary>What was replayed, and what was not and why.</summary>
public sealed record ReplayReport(int Replayed, IReadOnlyList<RefusedReplay> Refused);

/// <summary>A dead letter that was not replayed.</summary>
public sealed record RefusedReplay(long Id, string Why);

using System.Diagnostics;
using System.Globalization;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>
/// A switch for tests: with <c>FLOW_CRASH_AT=n</c> in the environment the process kills itself (SIGKILL: no handler runs, nothing is flushed) at the n-th effect boundary or end of a transaction.
/// Without the variable this class is not used.
/// </summary>
internal sealed class CrashBoundary(long at) : IEffectBoundary
{
    public const string Variable = "FLOW_CRASH_AT";

    private long _reached;

    /// <summary>The boundary the environment asks for; null when it asks for none.</summary>
    public static CrashBoundary? Of(Func<string, string?> environment) =>
        long.TryParse(environment(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? new CrashBoundary(at) : null;

    public void Reached(EffectMoment moment, string runId, string step)
    {
        if (Interlocked.Increment(ref _reached) != at) return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}

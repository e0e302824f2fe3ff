using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>How long a durable retry waits: doubling pauses with a jitter that is the same for the same run and attempt.</summary>
public static class RetryPlan
{
    public static TimeSpan Pause(PlanStep step, int attempt, string run, TimeSpan? asked)
    {
        var ticks = step.FirstPause.Ticks * Math.Pow(2, Math.Clamp(attempt - 1, 0, 30));
        var pause = TimeSpan.FromTicks((long)Math.Min(step.MostPause.Ticks, ticks));
        var jitter = Jitter(run, attempt);

        // What the server asked for is the least; never sooner, and not all at once.
        if (asked is { } least) return least + TimeSpan.FromTicks((long)(Math.Min(least.Ticks, TimeSpan.TicksPerSecond * 10) * jitter * 0.1));
        return TimeSpan.FromTicks((long)(pause.Ticks * (0.8 + (0.4 * jitter))));
    }

    /// <summary>From 0 to 1.</summary>
    private static double Jitter(string run, int attempt)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{run}/{attempt}"), hash);
        return BinaryPrimitives.ReadUInt32LittleEndian(hash) / (double)uint.MaxValue;
    }
}

using System.Globalization;
using WorkflowEngine.Simulators.Time;

namespace WorkflowEngine.Cli;

/// <summary>
/// A switch for tests and <c>flow bench</c>: with <c>FLOW_CLOCK_AHEAD=file</c> in the environment <c>flow serve</c> goes by the system's time and as many ticks more as the file says (fewer, where the
/// number is negative at the start). Whoever writes a greater number lets the time jump, so that hours of a real process can be tried in seconds. Without the variable this class is not used.
/// </summary>
internal static class FollowedClock
{
    public const string Variable = "FLOW_CLOCK_AHEAD";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>The time to go by.</summary>
    public static TimeProvider Of(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } file) return TimeProvider.System;
        var ahead = Read(file) ?? 0;
        var clock = new SkipClock(TimeSpan.FromTicks(ahead));
        _ = Task.Run(
            async () =>
            {
                while (!cancellationToken.IsCancellationRequested)
                {
                    ahead = Follow(clock, file, ahead);
                    await Task.Delay(Look, TimeProvider.System, cancellationToken).ConfigureAwait(false);
                }
            },
            cancellationToken);
        return clock;
    }

    private static long Follow(SkipClock clock, string file, long ahead)
    {
        if (Read(file) is not { } told || told <= ahead) return ahead;
        clock.Skip(TimeSpan.FromTicks(told - ahead));
        return told;
    }

    private static long? Read(string file) => long.TryParse(File.ReadAllText(file), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var told) ? told : null;
}

using System.Runtime.InteropServices;

namespace WorkflowEngine.Expressions.Execution;

/// <summary>
/// Processor time of the calling thread. Time on the wall also passes while the process is stopped, the machine sleeps or other work has the processors: none of that is an expression's fault.
/// </summary>
internal static class ThreadTime
{
    private const int ClockOfThread = 3;

    /// <summary>Null where the system does not tell it by this way: there the wall decides.</summary>
    public static TimeSpan? Now()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) return null;
        return Read(ClockOfThread, out var time) == 0 ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick) : null;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Read(int clock, out Instant time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Instant
    {
        public long Seconds;
        public long Nanoseconds;
    }
}

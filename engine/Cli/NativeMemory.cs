using System.Runtime.InteropServices;

namespace WorkflowEngine.Cli;

/// <summary>
/// glibc gives threads memory pools of their own, up to eight for each core, and keeps in each what was freed there. SQLite allocates on whatever thread a call happens to run, so all of them would
/// grow to the size of its busiest moment; two pools hold the same in a fraction.
/// </summary>
internal static class NativeMemory
{
    private const int ArenaMax = -8;
    private const int Arenas = 2;

    /// <summary>To be called before anything else runs; does nothing where the C library is another one.</summary>
    public static void Bound()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = SetOption(ArenaMax, Arenas);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // musl has no such pools.
        }
    }

    [DllImport("libc.so.6", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetOption(int option, int value);
}

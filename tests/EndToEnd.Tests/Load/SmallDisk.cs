using System.Diagnostics;
using System.Globalization;
using WorkflowEngine.EndToEnd.Tests.Crashes;

namespace WorkflowEngine.EndToEnd.Tests.Load;

/// <summary>
/// A disk that really fills under a process. Mounted: a small file system in memory that only the process sees, in a name space of its own, so that nobody has to be root; the system says that no space is
/// left (ENOSPC). Bounded: where nothing may be mounted, the process is forbidden to write to files (RLIMIT_FSIZE); the system says that they are too large (EFBIG).
/// </summary>
internal abstract class SmallDisk
{
    private SmallDisk()
    {
    }

    /// <summary>What stands before the command of the process.</summary>
    public abstract string[] Before { get; }

    /// <summary>What SQLite says when it cannot write.</summary>
    public abstract string Words { get; }

    /// <summary>From now on nothing more can be stored.</summary>
    public abstract Task FillAsync(FlowProcess process);

    public abstract Task MakeRoomAsync(FlowProcess process);

    /// <summary>A file system of this size over a folder; a bound on files where none may be mounted, such as in a container without the right to.</summary>
    public static SmallDisk Mounted(string folder, int megabytes)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("A small disk is mounted on Linux only.");
        Directory.CreateDirectory(folder);
        // As root of a name space of one's own, else as the root one is.
        string[][] ways = [["unshare", "--user", "--map-root-user", "--mount"], ["unshare", "--mount"]];
        if (ways.FirstOrDefault(way => Runs([.. way, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder])) is not { } works) return Bounded();
        return new OnMount(works, folder, megabytes);
    }

    /// <summary>A bound on the size of the files that the process writes; skips the test where there is none.</summary>
    public static SmallDisk Bounded()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("The size of a running process's files is bounded on Linux only (prlimit).");
        return new OnLimit();
    }

    private static bool Runs(params string[] command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private sealed class OnMount(string[] way, string folder, int megabytes) : SmallDisk
    {
        // Each step takes over the process of the one before: what is seen as the process is flow itself.
        public override string[] Before { get; } =
            [.. way, "sh", "-c", string.Create(CultureInfo.InvariantCulture, $"mount -t tmpfs -o size={megabytes}m tmpfs \"$0\" && exec \"$@\""), folder];

        public override string Words => "database or disk is full";

        public override async Task FillAsync(FlowProcess process)
        {
            await using var ballast = new FileStream(Ballast(process), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
            for (var block = new byte[1024 * 1024]; block.Length > 0;)
            {
                try
                {
                    await ballast.WriteAsync(block);
                }
                catch (IOException)
                {
                    // To the last byte.
                    block = new byte[block.Length / 2];
                }
            }
        }

        public override Task MakeRoomAsync(FlowProcess process)
        {
            File.Delete(Ballast(process));
            return Task.CompletedTask;
        }

        /// <summary>The process's files as they are seen from outside of its name space.</summary>
        private string Ballast(FlowProcess process) => string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/root{folder}/ballast");
    }

    private sealed class OnLimit : SmallDisk
    {
        // Without it the signal would end the process.
        public override string[] Before { get; } = ["sh", "-c", "trap '' XFSZ && exec \"$@\"", "sh"];

        public override string Words => "disk I/O error";

        public override Task FillAsync(FlowProcess process) => LimitAsync(process, "0");

        public override Task MakeRoomAsync(FlowProcess process) => LimitAsync(process, "unlimited");

        private static Task LimitAsync(FlowProcess process, string bytes)
        {
            Assert.True(Runs("prlimit", "--pid", process.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={bytes}:unlimited"), "prlimit");
            return Task.CompletedTask;
        }
    }
}

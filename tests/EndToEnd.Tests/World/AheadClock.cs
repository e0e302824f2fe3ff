using System.Globalization;

namespace WorkflowEngine.EndToEnd.Tests.World;

/// <summary>One time for the vendors in this process and for the real one beside it: waits are skipped for all together.</summary>
internal sealed class AheadClock
{
    private readonly SkipClock _clock = new();
    private readonly Lock _gate = new();

    /// <param name="folder">Where the file lies that the process follows.</param>
    public AheadClock(WorkspaceFolder folder)
    {
        File = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(folder.Path)!, "ahead");
        Skip(TimeSpan.Zero);
    }

    /// <summary>What the process is told (<c>FLOW_CLOCK_AHEAD</c>).</summary>
    public string File { get; }

    public TimeProvider Time => _clock;

    public void Skip(TimeSpan by)
    {
        lock (_gate)
        {
            _clock.Skip(by);
            // Moved into place, so that nobody reads half a number.
            System.IO.File.WriteAllText(File + ".new", _clock.Ahead.Ticks.ToString(CultureInfo.InvariantCulture));
            System.IO.File.Move(File + ".new", File, overwrite: true);
        }
    }
}

using System.Diagnostics;
using WorkflowEngine.FlowTesting;

namespace WorkflowEngine.EndToEnd.Tests.Load;

/// <summary>
/// Lets virtual time pass only while nothing is going on, so that work costs no time whatever else the machine does; calls and waits cost theirs. Nothing goes on when no thread of the pool works,
/// nothing waits for one and no transaction is on its way. It looks from a thread of its own, which is none of the pool's.
/// </summary>
internal sealed class QuietTime(BusyDisk disk, VirtualTime time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public Task PassAsync(TimeSpan length)
    {
        var end = time.GetUtcNow() + length;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                Pass(end);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true, Name = "time" }.Start();
        return done.Task;
    }

    private void Pass(DateTimeOffset end)
    {
        while (time.GetUtcNow() < end)
        {
            for (var since = Stopwatch.StartNew(); !IsQuiet();)
            {
                if (since.Elapsed > Patience) throw new TimeoutException("Something goes on for ever.");
                Thread.Yield();
            }

            time.AdvanceTo(time.Next is { } next && next < end ? next : end);
        }
    }

    /// <summary>Twice nothing, and nothing that ended between.</summary>
    private bool IsQuiet()
    {
        var ended = ThreadPool.CompletedWorkItemCount;
        if (IsBusy()) return false;
        Interlocked.MemoryBarrierProcessWide();
        return !IsBusy() && ThreadPool.CompletedWorkItemCount == ended;
    }

    private bool IsBusy()
    {
        if (disk.IsBusy || ThreadPool.PendingWorkItemCount > 0) return true;
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        return free < most;
    }
}

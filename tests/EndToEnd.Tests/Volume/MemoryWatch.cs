namespace WorkflowEngine.EndToEnd.Tests.Volume;

/// <summary>Looks at a process's memory until it is disposed, and keeps the greatest.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;
    private long _greatest;

    public MemoryWatch(Func<long> read)
    {
        Idle = read();
        _watching = Task.Run(async () =>
        {
            while (!_end.IsCancellationRequested)
            {
                Interlocked.Exchange(ref _greatest, Math.Max(Interlocked.Read(ref _greatest), read()));
                await Task.WhenAny(Task.Delay(Every, _end.Token));
            }
        });
    }

    /// <summary>What was held at the beginning.</summary>
    public long Idle { get; }

    public long Above => Interlocked.Read(ref _greatest) - Idle;

    public override string ToString() => $"idle {VolumeSize.Megabytes(Idle)}, at most {VolumeSize.Megabytes(Above)} above";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }
}

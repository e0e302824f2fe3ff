namespace WorkflowEngine.Hosting;

/// <summary>Work that is done again and again while the host runs, one round at a time. A round catches its own trouble; one that throws ends the rounds.</summary>
/// <param name="every">The pause before each round.</param>
/// <param name="time">The clock of the pauses.</param>
internal abstract class Rounds(TimeSpan every, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task? _loop;

    /// <summary>Begins; the first round comes after the first pause.</summary>
    public void Start() => _loop ??= LoopAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_loop is { } loop) await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <summary>One round; the token is cancelled when the host stops.</summary>
    protected abstract Task RoundAsync(CancellationToken stop);

    private async Task LoopAsync()
    {
        while (true)
        {
            await Task.Delay(every, time, _stop.Token).ConfigureAwait(false);
            await RoundAsync(_stop.Token).ConfigureAwait(false);
        }
    }
}

using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Runtime;

/// <summary>Keeps the explanation of runs as long as the options say: twice a day, and soon after each start, what is older is forgotten, in small stretches.</summary>
internal sealed class Retention(IHistoryStore store, IOwnership ownership, RuntimeOptions options, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private const int MostAtOnce = 2_000;

    private static readonly TimeSpan First = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Every = TimeSpan.FromHours(12);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = Task.Run(LoopAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        for (var wait = First; ; wait = Every)
        {
            try
            {
                await Task.Delay(wait, time, _stop.Token).ConfigureAwait(false);
                var now = time.GetUtcNow();
                // Of several nodes one does it: the owner of the first lane.
                while (ownership.Owns(0) && await store.ForgetAsync(now - options.KeepJournal, now - options.KeepRuns, MostAtOnce, _stop.Token).ConfigureAwait(false) > 0)
                {
                    // Who waits for the one writer goes first.
                    await Task.Delay(Between, time, _stop.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                RuntimeLog.RetentionFailed(log, e);
            }
        }
    }
}

using Microsoft.Extensions.Logging;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Cluster;

/// <summary>Asks twice a second for this node's part of each realm's budget; without an answer it goes on with the part that everybody begins with.</summary>
internal sealed class BudgetKeeper(string node, RealmBudgets budgets, Func<string, IBudgetGrain> grain, Func<IReadOnlyList<string>> nodes, TimeProvider time, ILogger<BudgetKeeper> log) : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, DayUse> _told = new(StringComparer.Ordinal);
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
        while (!_stop.IsCancellationRequested)
        {
            var living = nodes();
            budgets.FirstShare = BudgetSharing.First(living.Count);
            await Task.WhenAll(budgets.Uses().Select(use => AskAsync(use, [.. living]))).ConfigureAwait(false);
            await Task.Delay(Every, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AskAsync(RealmUse use, string[] living)
    {
        try
        {
            var share = await grain(use.Realm).ShareAsync(node, living, use.Asked, use.Day.Live, use.Day.Retry, use.Day.Backfill).WaitAsync(AnswerTime, _stop.Token).ConfigureAwait(false);
            var others = new DayUse(share.Live, share.Retry, share.Backfill);
            lock (_told) _told[use.Realm] = others;
            budgets.Share(use.Realm, share.Part, others);
        }
        catch (Exception e)
        {
            if (!_stop.IsCancellationRequested) ClusterLog.BudgetNotTold(log, use.Realm, e.Message);
            DayUse others;
            lock (_told) others = _told.GetValueOrDefault(use.Realm);
            budgets.Share(use.Realm, BudgetSharing.First(living.Length), others);
        }
    }
}

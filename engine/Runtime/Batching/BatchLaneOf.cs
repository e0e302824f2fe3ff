using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>Sends the rows of one batch key, halves calls that failed as a whole, and gives every asker its own row's answer.</summary>
internal sealed class BatchLaneOf<TAsk, T>(
    string name,
    int most,
    TimeProvider time,
    TimeSpan timeout,
    bool reads,
    bool patient,
    RunnableCounter runnable,
    Func<IReadOnlyList<TAsk>, CancellationToken, Task<BatchAnswer<T>>> send) : BatchLane(most)
{
    public override async Task SendAsync(List<Pending> rows)
    {
        if (await TryAsync(rows).ConfigureAwait(false) is { } again)
        {
            await SplitAsync(again.Rows).ConfigureAwait(false);
        }
    }

    /// <summary>Makes one call. Gives back the rows that must be tried in a smaller call, or null when all are answered.</summary>
    private async Task<(List<Pending> Rows, OperationError Error)?> TryAsync(List<Pending> rows)
    {
        var (asks, places) = Join(rows);
        BatchAnswer<T> answer;
        using (var trace = RuntimeTrace.Call(name, rows))
        {
            answer = await CallAsync(asks).ConfigureAwait(false);
            RuntimeTrace.Failed(trace, answer.CallError);
        }

        if (answer.CallError is { } error) return CallFailed(rows, error);
        if (answer.Items.Count != asks.Count)
        {
            return CallFailed(rows, new OperationError(ErrorKind.BatchScoped, "malformed", $"{asks.Count} rows were asked and {answer.Items.Count} answered."));
        }

        List<Pending>? blamedTogether = null;
        OperationError? why = null;
        for (var i = 0; i < rows.Count; i++)
        {
            var outcome = answer.Items[places[i]];
            if (outcome.Error is { Kind: ErrorKind.BatchScoped } shared)
            {
                if (rows.Count > 1)
                {
                    rows[i].MayHaveRun |= !shared.NotExecuted;
                    (blamedTogether ??= []).Add(rows[i]);
                    why = shared;
                    continue;
                }

                Complete(rows[i], AsAlone(shared), true);
                continue;
            }

            Complete(rows[i], outcome, outcome.Error is not null);
        }

        if (blamedTogether is null)
        {
            Succeeded(rows.Count);
            return null;
        }

        // Rows of a call that the vendor undid together (an org's trigger, a lock): the same rows in smaller calls.
        return (blamedTogether, why!);
    }

    private (List<Pending>, OperationError)? CallFailed(List<Pending> rows, OperationError error)
    {
        var again = error.Kind == ErrorKind.BatchScoped || (error.Kind == ErrorKind.UnknownOutcome && rows[0].Repeatable);
        if (again && rows.Count > 1)
        {
            // What goes again in smaller calls is answered by them, and this one may still be carried out behind them.
            foreach (var row in rows) row.MayHaveRun |= !error.NotExecuted;
            return (rows, error);
        }

        var shown = error.Kind == ErrorKind.BatchScoped ? AsAlone(error) : error;
        foreach (var row in rows) Complete(row, shown, error.Kind == ErrorKind.BatchScoped);
        return null;
    }

    /// <summary>Tries the rows in smaller calls. When every part fails the outside is down or the rows are equally bad: they go back unblamed, and the next try begins at the smaller size.</summary>
    private async Task SplitAsync(List<Pending> rows)
    {
        var size = Smaller(rows.Count);
        Shrink(size);
        List<(List<Pending> Rows, OperationError Error)>? failed = null;
        var parts = 0;
        for (var at = 0; at < rows.Count; at += size)
        {
            var part = rows.GetRange(at, Math.Min(size, rows.Count - at));
            parts++;
            if (await TryAsync(part).ConfigureAwait(false) is { } again) (failed ??= []).Add(again);
        }

        if (failed is null) return;
        if (failed.Count == parts && parts > 1)
        {
            Shrink(Smaller(size));
            foreach (var (part, why) in failed)
            {
                foreach (var row in part) Complete(row, AsAlone(why) with { Kind = ErrorKind.Transient }, false);
            }

            return;
        }

        foreach (var (part, _) in failed) await SplitAsync(part).ConfigureAwait(false);
    }

    private static OperationError AsAlone(OperationError error) =>
        error.Kind == ErrorKind.BatchScoped ? error with { Kind = error.WhenAlone } : error;

    private void Complete(Pending row, Outcome<T> outcome, bool charged)
    {
        // The run can compute again before its continuation is scheduled: else a flush would leave without it.
        runnable.Enter();
        if (!((Pending<TAsk, T>)row).Answer(outcome, charged)) runnable.Leave();
    }

    private static (List<TAsk> Asks, int[] Places) Join(List<Pending> rows)
    {
        var asks = new List<TAsk>(rows.Count);
        var places = new int[rows.Count];
        Dictionary<string, int>? seen = null;
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows.Count > 1 && rows[i].Same is { } same)
            {
                seen ??= [];
                if (seen.TryGetValue(same, out var place))
                {
                    places[i] = place;
                    continue;
                }

                seen[same] = asks.Count;
            }

            places[i] = asks.Count;
            asks.Add(((Pending<TAsk, T>)rows[i]).Ask);
        }

        return (asks, places);
    }

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>Claims were taken before the call and end ten minutes after settle: what was held back must have left well before that, also where it goes again in smaller calls.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(2);

    /// <summary>Rows of a backfill that the budget holds back wait here for their share: to park hundreds of runs for a few seconds would cost more than the calls.</summary>
    private async Task<BatchAnswer<T>> CallAsync(IReadOnlyList<TAsk> asks)
    {
        for (var held = TimeSpan.Zero; ;)
        {
            var answer = await OnceAsync(asks).ConfigureAwait(false);
            if (!patient || answer.CallError is not { Kind: ErrorKind.RateLimited, Code: OperationError.Budget, RetryAfter: { } pause } || pause > LongestPause) return answer;
            held += pause;
            if (held > LongestHold) return answer;
            await Task.Delay(pause, time).ConfigureAwait(false);
        }
    }

    private async Task<BatchAnswer<T>> OnceAsync(IReadOnlyList<TAsk> asks)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        try
        {
            // A connector that overlooks the token must not hold the lane for ever.
            return await send(asks, limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            var kind = reads ? ErrorKind.BatchScoped : ErrorKind.UnknownOutcome;
            return BatchAnswer<T>.Failed(new OperationError(kind, "timeout", $"No answer within {timeout.TotalSeconds:0} s."));
        }
        catch (Exception e)
        {
            // A connector answers with values; an exception is our mistake and is blamed on no record.
            return BatchAnswer<T>.Failed(new OperationError(ErrorKind.Bug, e.GetType().Name, "The connector failed: " + e.Message));
        }
    }
}

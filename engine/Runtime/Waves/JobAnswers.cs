using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>
/// Answers for runs whose wave nobody remembers, because the process died: the vendor's job is found by the wave and asked. Runs of one job that come together are asked for together. A job whose
/// rows were never handed over is given up, and its rows are sent anew.
/// </summary>
internal sealed class JobAnswers(IGroupCommit commit, IBulkJobStore jobs, RunnableCounter runnable, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan NextLook = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, Asked> _asked = new();

    public async ValueTask<SeatAnswer> AskAsync(string workspace, string wave, WriteAsk ask, CancellationToken stop)
    {
        var asked = _asked.GetOrAdd(wave, static _ => new Asked());
        var row = new Row(ask.Item, new TaskCompletionSource<SeatAnswer>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (asked.Rows) asked.Rows.Add(row);
        runnable.Leave();
        try
        {
            await asked.Door.WaitAsync(stop).ConfigureAwait(false);
            try
            {
                if (!row.Answer.Task.IsCompleted) await AnswerAsync(asked, workspace, wave, ask, stop).ConfigureAwait(false);
            }
            finally
            {
                asked.Door.Release();
            }

            return await row.Answer.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return SeatAnswer.WaitingFor(NextLook);
        }
        finally
        {
            runnable.Enter();
        }
    }

    private async Task AnswerAsync(Asked asked, string workspace, string wave, WriteAsk ask, CancellationToken stop)
    {
        Row[] rows;
        lock (asked.Rows)
        {
            rows = [.. asked.Rows];
            asked.Rows.Clear();
        }

        SeatAnswer? all;
        IReadOnlyList<Outcome<WriteResult>>? each = null;
        try
        {
            (all, each) = await LookAsync(workspace, wave, ask, rows, stop).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            WaveLog.Crashed(log, wave, e);
            all = SeatAnswer.WaitingFor(NextLook);
        }

        for (var i = 0; i < rows.Length; i++) rows[i].Answer.TrySetResult(all ?? SeatAnswer.Of(each![i]));
    }

    private async Task<(SeatAnswer? All, IReadOnlyList<Outcome<WriteResult>>? Each)> LookAsync(string workspace, string wave, WriteAsk ask, Row[] rows, CancellationToken stop)
    {
        if (await jobs.FindAsync(workspace, wave, stop).ConfigureAwait(false) is not { State: BulkJobState.Made } job) return (SeatAnswer.NotSent, null);
        if (ask.Connection.Connection.BulkWrites is not { } bulk) return (SeatAnswer.Unknown, null);
        var status = await bulk.StatusAsync(job.Job, CallPriority.Backfill, stop).ConfigureAwait(false);
        if (status.Error is { } error)
        {
            WaveLog.Failed(log, wave, error.Kind, error.Code, error.Message);
            return (PatientCall.IsFinal(error) ? SeatAnswer.Unknown : SeatAnswer.WaitingFor(error.RetryAfter ?? NextLook), null);
        }

        if (status.Value!.Phase == BulkPhase.Open)
        {
            var aborted = await bulk.AbortAsync(job.Job, CallPriority.Backfill, stop).ConfigureAwait(false);
            if (aborted.Error is { } kept)
            {
                WaveLog.Failed(log, wave, kept.Kind, kept.Code, kept.Message);
                return (SeatAnswer.WaitingFor(kept.RetryAfter ?? NextLook), null);
            }

            await WaveSender.StoreAsync(commit, job with { State = BulkJobState.Dropped }, time, stop).ConfigureAwait(false);
            return (SeatAnswer.NotSent, null);
        }

        if (!status.Value.IsOver) return (SeatAnswer.WaitingFor(NextLook), null);
        var batch = new WriteBatch
        {
            Entity = ask.Entity, Verb = ask.Verb, KeyField = ask.KeyField, Options = ask.Options, Priority = CallPriority.Backfill, Items = [.. rows.Select(r => r.Item)], Steps = ask.Step is { } step ? [step] : [],
        };
        var results = await bulk.ResultsAsync(job.Job, batch, stop).ConfigureAwait(false);
        if (results.Error is { } unread)
        {
            WaveLog.Failed(log, wave, unread.Kind, unread.Code, unread.Message);
            return (PatientCall.IsFinal(unread) ? SeatAnswer.Unknown : SeatAnswer.WaitingFor(unread.RetryAfter ?? NextLook), null);
        }

        return results.Value!.Count == rows.Length ? (null, results.Value) : (SeatAnswer.Unknown, null);
    }

    private sealed class Asked
    {
        public SemaphoreSlim Door { get; } = new(1, 1);

        public List<Row> Rows { get; } = [];
    }

    private sealed record Row(WriteItem Item, TaskCompletionSource<SeatAnswer> Answer);
}

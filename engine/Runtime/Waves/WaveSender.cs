using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>Brings the rows of a wave to the vendor as one job, waits for its end and gives each seat its answer.</summary>
internal sealed class WaveSender(IGroupCommit commit, IEffectBoundary boundary, TimeProvider time, ILogger log)
{
    private const string Step = "job";

    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MostLook = TimeSpan.FromSeconds(30);

    public async Task SendAsync(Wave wave, List<Seat> seats, CancellationToken stop)
    {
        if (seats.Count < wave.Bulk.LeastRows)
        {
            All(seats, SeatAnswer.ByItself);
            return;
        }

        var batch = wave.Batch([.. seats.Select(s => s.Item)]);
        boundary.Reached(EffectMoment.BeforeCommit, wave.Id, Step);
        var made = await AskAsync(wave, () => wave.Bulk.CreateAsync(batch, stop), stop).ConfigureAwait(false);
        if (made.Error is { } refused)
        {
            // An ordinary call says to each run what is wrong.
            WaveLog.Failed(log, wave.Id, refused.Kind, refused.Code, refused.Message);
            All(seats, SeatAnswer.ByItself);
            return;
        }

        var job = new BulkJob
        {
            Workspace = wave.Connection.Workspace, Wave = wave.Id, Connection = wave.Connection.Name, Job = made.Value!, Entity = batch.Entity, Rows = seats.Count, MadeAt = time.GetUtcNow(),
        };
        wave.HasJob = true;
        await StoreAsync(commit, job, time, stop).ConfigureAwait(false);
        boundary.Reached(EffectMoment.AfterCommit, wave.Id, Step);
        WaveLog.Sent(log, wave.Id, wave.Connection.Name, batch.Entity, job.Job, seats.Count);
        var status = await AskAsync(wave, () => wave.Bulk.SendAsync(job.Job, batch, stop), stop).ConfigureAwait(false);
        if (status.Error is { } error)
        {
            WaveLog.Failed(log, wave.Id, error.Kind, error.Code, error.Message);
            status = await AskAsync(wave, () => wave.Bulk.StatusAsync(job.Job, CallPriority.Backfill, stop), stop).ConfigureAwait(false);
            if (status.Value is null or { Phase: BulkPhase.Open })
            {
                await AskAsync(wave, () => wave.Bulk.AbortAsync(job.Job, CallPriority.Backfill, stop), stop).ConfigureAwait(false);
                await StoreAsync(commit, job with { State = BulkJobState.Dropped }, time, stop).ConfigureAwait(false);
                All(seats, SeatAnswer.ByItself);
                return;
            }
        }

        for (var look = FirstLook; status.Value is { IsOver: false }; look = look * 2 < MostLook ? look * 2 : MostLook)
        {
            await Task.Delay(look, time, stop).ConfigureAwait(false);
            status = await AskAsync(wave, () => wave.Bulk.StatusAsync(job.Job, CallPriority.Backfill, stop), stop).ConfigureAwait(false);
        }

        if (status.Value is { Problem: { } problem }) WaveLog.Failed(log, wave.Id, ErrorKind.Transient, "job", problem);
        var results = await AskAsync(wave, () => wave.Bulk.ResultsAsync(job.Job, batch, stop), stop).ConfigureAwait(false);
        boundary.Reached(EffectMoment.AfterAnswer, wave.Id, Step);
        if (results.Value is not { } rows || rows.Count != seats.Count)
        {
            All(seats, SeatAnswer.Unknown);
            return;
        }

        for (var i = 0; i < seats.Count; i++) seats[i].Answer = SeatAnswer.Of(rows[i]);
        WaveLog.Over(
            log, wave.Id, job.Job, seats.Count(s => s.Answer is { End: SeatEnd.Answered, Outcome.Error: null }), seats.Count(s => s.Answer is { End: SeatEnd.Answered, Outcome.Error: not null }),
            seats.Count(s => s.Answer!.End == SeatEnd.ByItself), seats.Count(s => s.Answer!.End == SeatEnd.Unknown));
    }

    /// <summary>Keeps where a job stands; the store's trouble is waited out.</summary>
    public static async Task StoreAsync(IGroupCommit commit, BulkJob job, TimeProvider time, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([new SaveBulkJob(job)])).ConfigureAwait(false);
                return;
            }
            catch (CommitFailedException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, stop).ConfigureAwait(false);
            }
        }
    }

    private Task<Outcome<T>> AskAsync<T>(Wave wave, Func<Task<Outcome<T>>> call, CancellationToken stop) =>
        PatientCall.AnswerAsync(call, error => WaveLog.Failed(log, wave.Id, error.Kind, error.Code, error.Message), time, stop);

    private static void All(List<Seat> seats, SeatAnswer answer)
    {
        foreach (var seat in seats) seat.Answer = answer;
    }
}

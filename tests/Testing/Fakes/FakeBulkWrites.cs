using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>A process's way to a fake vendor's jobs.</summary>
internal sealed class FakeBulkWrites(FakeVendor vendor, FakeProcess process) : IBulkWrites
{
    public int LeastRows => vendor.Jobs.LeastRows!.Value;

    public int MostRows => 100_000;

    public OperationError? Refusal(WriteBatch wave) => wave.Verb == WriteVerb.Merge ? new OperationError(ErrorKind.Misconfigured, "notSupported", "No merges by jobs.") { NotExecuted = true } : null;

    public Task<Outcome<string>> CreateAsync(WriteBatch wave, CancellationToken cancellationToken) => AskAsync<string>("job", wave.Entity, 0, () => vendor.Jobs.Make(wave.Entity, wave.Verb).Id);

    public Task<Outcome<BulkStatus>> SendAsync(string job, WriteBatch wave, CancellationToken cancellationToken) => AskAsync("rows", wave.Entity, wave.Items.Count, () =>
    {
        var found = vendor.Jobs.Find(job)!;
        if (found.Phase != BulkPhase.Open) return Status(found);
        var jobs = vendor.Jobs;
        for (var i = 0; i < wave.Items.Count && (jobs.EndsAfter is not { } most || i < most); i++)
        {
            var result = vendor.Write(wave.Entity, wave.Verb, wave.KeyField, wave.Items[i]);
            if (jobs.SilentAtEvery == 0 || (i + 1) % jobs.SilentAtEvery != 0) found.Rows.Add((wave.Items[i], result));
            else found.Rows.Add((wave.Items[i], new OperationError(ErrorKind.UnknownOutcome, "noResult", "The job says nothing about this row.")));
        }

        (found.Phase, found.DoneAt) = (BulkPhase.Working, jobs.Now + jobs.Takes);
        return Status(found);
    });

    public Task<Outcome<BulkStatus>> StatusAsync(string job, CallPriority priority, CancellationToken cancellationToken) =>
        AskAsync("status", job, 0, () => vendor.Jobs.Find(job) is { } found ? Status(found) : new OperationError(ErrorKind.Rejected, "NOT_FOUND", "There is no such job."));

    public Task<Outcome<BulkStatus>> AbortAsync(string job, CallPriority priority, CancellationToken cancellationToken) => AskAsync("abort", job, 0, () =>
    {
        var found = vendor.Jobs.Find(job)!;
        found.Phase = BulkPhase.Aborted;
        return Status(found);
    });

    public Task<Outcome<IReadOnlyList<Outcome<WriteResult>>>> ResultsAsync(string job, WriteBatch wave, CancellationToken cancellationToken) => AskAsync("results", wave.Entity, wave.Items.Count, () =>
    {
        var left = vendor.Jobs.Find(job)!.Rows.ToLookup(r => Print(r.Item), r => r.Result);
        return Outcome<IReadOnlyList<Outcome<WriteResult>>>.Of(
            [.. wave.Items.Select(i => left[Print(i)] is var told && told.Any() ? told.First() : new OperationError(ErrorKind.Transient, "UNPROCESSED", "The job ended before this row.") { NotExecuted = true })]);
    });

    private Outcome<BulkStatus> Status(FakeJob job)
    {
        if (job.Phase == BulkPhase.Working && vendor.Jobs.Now >= job.DoneAt) job.Phase = vendor.Jobs.EndsAfter is null ? BulkPhase.Done : BulkPhase.Failed;
        return new BulkStatus(job.Phase, job.Rows.Count, job.Rows.Count(r => r.Result.Error is not null), job.Phase == BulkPhase.Failed ? "It ended early." : null);
    }

    private static string Print(WriteItem item) => item.Id ?? FieldValues.AsText(item.Key ?? "") switch
    {
        { Length: > 0 } key => key,
        _ => string.Join('|', item.Fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}")),
    };

    private async Task<Outcome<T>> AskAsync<T>(string what, string entity, int rows, Func<Outcome<T>> ask)
    {
        await process.AliveAsync().ConfigureAwait(false);
        if (vendor.Before is { } before) await before(what, entity).ConfigureAwait(false);
        var answer = await process.DoAsync<Outcome<T>>(() =>
        {
            if (vendor.Enter(what, entity, rows, out var fault) is { } error) return error;
            var told = ask();
            return fault == FakeFault.LostAnswer ? new OperationError(ErrorKind.UnknownOutcome, "timeout", "No answer.") : told;
        }).ConfigureAwait(false);
        await process.AliveAsync().ConfigureAwait(false);
        return answer;
    }
}

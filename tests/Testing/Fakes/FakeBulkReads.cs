using System.Globalization;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Testing;

/// <summary>A process's way to jobs that read.</summary>
internal sealed class FakeBulkReads(FakeVendor vendor, FakeProcess process) : IBulkReads
{
    public Task<Outcome<string>> StartAsync(BulkRead read, CancellationToken cancellationToken) => AskAsync<string>("bulkRead", read.Entity, () =>
    {
        var job = vendor.Jobs.Make(read.Entity, WriteVerb.Create);
        (job.Phase, job.DoneAt) = (BulkPhase.Working, vendor.Jobs.Now + vendor.Jobs.Takes);
        return job.Id;
    });

    public Task<Outcome<BulkStatus>> StatusAsync(string job, CallPriority priority, CancellationToken cancellationToken) => AskAsync<BulkStatus>("status", job, () =>
    {
        if (vendor.Jobs.Find(job) is not { } found) return new OperationError(ErrorKind.Rejected, "NOT_FOUND", "There is no such job.");
        if (vendor.Jobs.Now >= found.DoneAt) found.Phase = BulkPhase.Done;
        return new BulkStatus(found.Phase, 0, 0, null);
    });

    public Task<Outcome<BulkPage>> PageAsync(string job, BulkRead read, string? place, int most, CancellationToken cancellationToken) => AskAsync<BulkPage>("page", read.Entity, () =>
    {
        if (vendor.Jobs.Find(job) is null) return new OperationError(ErrorKind.Rejected, "NOT_FOUND", "There is no such job.");
        var from = place is null ? 0 : int.Parse(place, CultureInfo.InvariantCulture);
        var rows = vendor.All(read.Entity).Skip(from).Take(vendor.Jobs.PageRows).ToList();
        var next = from + rows.Count < vendor.All(read.Entity).Count ? (from + rows.Count).ToString(CultureInfo.InvariantCulture) : null;
        return new BulkPage([.. rows.Select(r => FakeVendor.Only(r, read.Fields))], next);
    });

    private async Task<Outcome<T>> AskAsync<T>(string what, string entity, Func<Outcome<T>> ask)
    {
        await process.AliveAsync().ConfigureAwait(false);
        if (vendor.Before is { } before) await before(what, entity).ConfigureAwait(false);
        var answer = await process.DoAsync(() => vendor.Enter(what, entity, 0, out _) is { } error ? error : ask()).ConfigureAwait(false);
        await process.AliveAsync().ConfigureAwait(false);
        return answer;
    }
}

using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>
/// Reads very many records by a job of the vendor. The job's id and the place in its rows are the backfill's token, so that a restart goes on there. A job the vendor lost or gave up leaves the records
/// to be asked for page by page from the beginning: what comes twice is known.
/// </summary>
internal static class BulkPages
{
    /// <summary>The token of a backfill whose records no job can read.</summary>
    public const string Without = "pages";

    private const string Begun = "job:";

    /// <summary>From so many records on a job is worth it.</summary>
    private const long LeastRecords = 10_000;

    private const int Page = 2_000;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    /// <summary>The vendor reads by jobs, and there are many records or a job is under way.</summary>
    public static bool Serves(Backfill backfill, BoundConnection connection) =>
        connection.Connection.BulkReads is not null && (backfill.Token is { } token ? token.StartsWith(Begun, StringComparison.Ordinal) : backfill.Total >= LeastRecords);

    public static async Task<Outcome<BackfillPage>> ReadAsync(
        Backfill backfill, IReadOnlyList<string> fields, Condition condition, EntityDescriptor entity, BoundConnection connection, CancellationToken cancellationToken)
    {
        var bulk = connection.Connection.BulkReads!;
        var read = new BulkRead { Entity = entity.Name, Fields = fields, Condition = condition };
        if (backfill.Token is null)
        {
            var started = await bulk.StartAsync(read, cancellationToken).ConfigureAwait(false);
            return started.Error is { } refused ? Otherwise(backfill, refused) : Nothing(backfill with { Token = $"{Begun}{started.Value}:" }, Look);
        }

        // The place may hold any characters, the id none of ours.
        var parts = backfill.Token.Split(':', 3);
        var (job, place) = (parts[1], parts[2].Length == 0 ? null : parts[2]);
        var status = await bulk.StatusAsync(job, CallPriority.Backfill, cancellationToken).ConfigureAwait(false);
        if (status.Error is { } gone) return Otherwise(backfill, gone);
        if (!status.Value!.IsOver) return Nothing(backfill, Look);
        if (status.Value.Phase != BulkPhase.Done) return Nothing(backfill with { Token = Without }, TimeSpan.Zero);
        var page = await bulk.PageAsync(job, read, place, Page, cancellationToken).ConfigureAwait(false);
        if (page.Error is { } failed) return Otherwise(backfill, failed);
        return new BackfillPage(BackfillPages.RowsOf(page.Value!.Rows, entity), page.Value.Next is { } next ? backfill with { Token = $"{Begun}{job}:{next}" } : backfill, page.Value.Next is null);
    }

    /// <summary>Trouble that passes is told; else pages serve instead.</summary>
    private static Outcome<BackfillPage> Otherwise(Backfill backfill, OperationError error) =>
        error.Kind is ErrorKind.Rejected or ErrorKind.Misconfigured or ErrorKind.Bug ? Nothing(backfill with { Token = Without }, TimeSpan.Zero) : error;

    private static BackfillPage Nothing(Backfill backfill, TimeSpan pause) => new([], backfill, false) { Pause = pause };
}

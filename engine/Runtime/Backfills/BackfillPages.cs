using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>A page of a backfill's records.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Next">The backfill, standing behind them.</param>
/// <param name="Last">There are no more.</param>
internal sealed record BackfillPage(IReadOnlyList<SourceRow> Rows, Backfill Next, bool Last)
{
    /// <summary>How long to wait before the next one.</summary>
    public TimeSpan Pause { get; init; }
}

/// <summary>Reads the records of a backfill page by page, at low priority.</summary>
internal static class BackfillPages
{
    private const int ListPage = 500;
    private const int QueryPage = 2_000;

    /// <summary>The next page.</summary>
    public static async Task<Outcome<BackfillPage>> ReadAsync(Backfill backfill, PlanTrigger trigger, BoundConnection connection, CancellationToken cancellationToken) => backfill.By switch
    {
        BackfillBy.Feed => await FeedAsync(backfill, connection, cancellationToken).ConfigureAwait(false),
        BackfillBy.Query when BulkPages.Serves(backfill, connection) => await BulkPages.ReadAsync(backfill, Fields(trigger), Since(backfill, trigger.Entity!, null), trigger.Entity!, connection, cancellationToken).ConfigureAwait(false),
        BackfillBy.Query => await QueryAsync(backfill, trigger, connection, cancellationToken).ConfigureAwait(false),
        _ => List(backfill),
    };

    /// <summary>How many records there are; null where the vendor does not count.</summary>
    public static async Task<long?> CountAsync(Backfill backfill, PlanTrigger trigger, BoundConnection connection, CancellationToken cancellationToken)
    {
        if (backfill.By == BackfillBy.List) return backfill.Records.Count;
        var answer = await connection.Connection.AggregateAsync(
            new AggregateBatch { Entity = backfill.Entity, Conditions = [Since(backfill, trigger.Entity!, null)], IncludeInactive = true, Priority = CallPriority.Backfill }, cancellationToken).ConfigureAwait(false);
        return answer.CallError is null && answer.Items is [{ Succeeded: true } counted] && counted.Value.Rows is [var row] && row.GetValueOrDefault("count") is long count ? count : null;
    }

    private static async Task<Outcome<BackfillPage>> FeedAsync(Backfill backfill, BoundConnection connection, CancellationToken cancellationToken)
    {
        var cursor = new SourceCursor(backfill.Token, backfill.HighWater ?? backfill.From ?? DateTimeOffset.UnixEpoch);
        var page = await connection.Connection.PollAsync(
            new PollRequest { Entity = backfill.Entity, Feed = backfill.Feed!, Cursor = cursor, Priority = CallPriority.Backfill }, cancellationToken).ConfigureAwait(false);
        if (!page.Succeeded) return page.Error;
        return new BackfillPage(page.Value.Rows, backfill with { Token = page.Value.Cursor.Token, HighWater = page.Value.Cursor.HighWater }, !page.Value.HasMore);
    }

    private static async Task<Outcome<BackfillPage>> QueryAsync(Backfill backfill, PlanTrigger trigger, BoundConnection connection, CancellationToken cancellationToken)
    {
        var entity = trigger.Entity!;
        var answer = await connection.Connection.ReadAsync(
            new ReadBatch
            {
                Entity = entity.Name, Fields = Fields(trigger), Conditions = [Since(backfill, entity, backfill.Token is BulkPages.Without ? null : backfill.Token)], OrderBy = [new OrderTerm(entity.IdField, false)], RowCap = QueryPage,
                IncludeInactive = true, Priority = CallPriority.Backfill,
            },
            cancellationToken).ConfigureAwait(false);
        if (answer.CallError is { } failed) return failed;
        if (!answer.Items[0].Succeeded) return answer.Items[0].Error!;
        var rows = answer.Items[0].Value!;
        var found = RowsOf(rows.Rows, entity);
        return new BackfillPage(found, found.Count > 0 ? backfill with { Token = found[^1].RecordId } : backfill, !rows.More || found.Count == 0);
    }

    private static IReadOnlyList<string> Fields(PlanTrigger trigger) => trigger.Fields.Count > 0 ? trigger.Fields : [.. trigger.Entity!.Fields.Where(f => f.Readable).Select(f => f.Name)];

    /// <summary>Records as a source gives them.</summary>
    internal static List<SourceRow> RowsOf(IReadOnlyList<IReadOnlyDictionary<string, object?>> records, EntityDescriptor entity)
    {
        var found = new List<SourceRow>(records.Count);
        foreach (var record in records)
        {
            if (record.GetValueOrDefault(entity.IdField) is not string id) continue;
            var version = entity.VersionField is { } field ? RecordVersion.Of(record.GetValueOrDefault(field)) : null;
            found.Add(new SourceRow { RecordId = id, Record = record, Version = version });
        }

        return found;
    }

    private static Outcome<BackfillPage> List(Backfill backfill)
    {
        var taken = int.TryParse(backfill.Token, CultureInfo.InvariantCulture, out var known) ? known : 0;
        var rows = backfill.Records.Skip(taken).Take(ListPage).Select(id => new SourceRow { RecordId = id }).ToList();
        return new BackfillPage(rows, backfill with { Token = (taken + rows.Count).ToString(CultureInfo.InvariantCulture) }, taken + rows.Count >= backfill.Records.Count);
    }

    private static AllOf Since(Backfill backfill, EntityDescriptor entity, string? after)
    {
        var parts = new List<Condition>(2);
        if (backfill.From is { } from && entity.VersionField is { } version) parts.Add(new FieldCondition(version, Comparison.GreaterOrEqual, [from]));
        if (after is not null) parts.Add(new FieldCondition(entity.IdField, Comparison.Greater, [after]));
        return new AllOf(parts);
    }
}

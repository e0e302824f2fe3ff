using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Errors;
using WorkflowEngine.Salesforce.Metadata;
using WorkflowEngine.Salesforce.Reads;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Sources;

/// <summary>
/// Finds changed records by their modification time. Every poll looks back behind the time of the last one: a change can be committed later than it is stamped. Where something moves, the vendor's own
/// word decides how far back (<see cref="CoveredTime"/>).
/// </summary>
internal sealed class ModifiedPoll(QueryPages pages, OrgSchema schema, DescribeCache describes, CoveredTime covered, TimeSpan overlap, TimeProvider time)
{
    /// <summary>The feed of records made or changed.</summary>
    public const string Feed = "modified";

    /// <summary>The feed of records that went to the recycle bin, merged ones among them.</summary>
    public const string DeletedFeed = "deleted";

    // Where nothing moves the stamp moves seldom: looking back over nothing costs nothing, asking costs a call.
    private static readonly TimeSpan Still = TimeSpan.FromMinutes(10);

    // One page of the vendor.
    private const int PageSize = 2000;

    // Objects with more fields than fit are read by the engine itself, record by record.
    private const int MostQueryLength = 12_000;

    public async Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken)
    {
        if (request.Feed is not (Feed or DeletedFeed)) return new OperationError(ErrorKind.Misconfigured, "feed", $"Salesforce has no feed '{request.Feed}' of {request.Entity}.") { NotExecuted = true };
        if (!SoqlName.IsName(request.Entity)) return new OperationError(ErrorKind.Bug, "name", $"'{request.Entity}' is no name of a Salesforce object.") { NotExecuted = true };
        var now = time.GetUtcNow();
        // A token we do not understand is a dead one: the stamp takes over.
        var drain = Drain.TryParse(request.Cursor.Token);
        var from = request.Cursor.HighWater ?? now - overlap;
        Condition where = drain is null
            ? new FieldCondition("SystemModstamp", Comparison.GreaterOrEqual, [WholeSecond(from)])
            : new AnyOf(
            [
                new FieldCondition("SystemModstamp", Comparison.Greater, [drain.Stamp]),
                new AllOf([new FieldCondition("SystemModstamp", Comparison.In, [drain.Stamp]), new FieldCondition("Id", Comparison.Greater, [drain.Id])]),
            ]);

        var deleted = request.Feed == DeletedFeed;
        if (deleted) where = new AllOf([new FieldCondition("IsDeleted", Comparison.In, [true]), where]);
        var text = new SoqlWhere(schema, request.Entity).Text(where);
        var described = await describes.RecentAsync(request.Entity, request.Priority, cancellationToken).ConfigureAwait(false);
        if (described.Error is { } unknown) return unknown;
        var fields = deleted ? ["Id", "SystemModstamp"] : Fields(request.Entity, described.Value!);
        var query = Query(request.Entity, fields, text);
        var whole = SoqlQueryText.EncodedLength(query) <= MostQueryLength;
        if (!whole) query = Query(request.Entity, fields = ["Id", "SystemModstamp"], text);
        var reader = RowShape.Reader(schema, request.Entity, fields);
        var outcome = await (deleted ? pages.AllAsync(reader, query, request.Priority, cancellationToken) : pages.FirstAsync(reader, query, request.Priority, cancellationToken)).ConfigureAwait(false);
        if (outcome.Error is { } error)
        {
            if (error.Kind == ErrorKind.Misconfigured) describes.Forget(request.Entity);
            return SalesforceErrors.OfPath(error, request.Entity);
        }

        var page = outcome.Value!;
        // Up to here everything is surely visible: the earlier of both clocks, less the look back.
        var sure = drain?.Sure ?? (page.Time is { } theirs && theirs < now ? theirs : now) - overlap;
        var rows = page.Rows.Select(row => Row(row, whole, deleted)).ToArray();
        if (Array.Exists(rows, row => row is null)) return new OperationError(ErrorKind.Transient, "malformed", $"A row of {request.Entity} came without Id or SystemModstamp.");
        if (rows.Length < PageSize && page.Next is null)
        {
            var moved = drain is not null || rows.Length > 0;
            var highWater = await HighWaterAsync(request, deleted, from, sure, page.Time ?? now, moved, cancellationToken).ConfigureAwait(false);
            return new SourcePage { Rows = rows!, Cursor = new SourceCursor(null, highWater) };
        }

        var last = page.Rows[^1];
        var next = new Drain(sure, (DateTimeOffset)last["SystemModstamp"]!, (string)last["Id"]!);
        return new SourcePage { Rows = rows!, Cursor = new SourceCursor(next.ToString(), request.Cursor.HighWater), HasMore = true };
    }

    /// <summary>How far everything is surely known: never back, never further than the vendor vouches for.</summary>
    private async Task<DateTimeOffset> HighWaterAsync(PollRequest request, bool deleted, DateTimeOffset from, DateTimeOffset sure, DateTimeOffset theirs, bool moved, CancellationToken cancellationToken)
    {
        if (request.Cursor.HighWater is { } before && (before >= sure || (!moved && sure - before < Still))) return before;
        var answer = await covered.AskAsync(request.Entity, deleted, from, theirs, request.Priority, cancellationToken).ConfigureAwait(false);
        // Nobody vouches: the stamp stays, and the next poll reads the same again.
        if (answer.Error is not null) return from;
        var highWater = answer.Value is { } until && until < sure ? until : sure;
        return highWater > from ? highWater : from;
    }

    // The vendor's stamps are whole seconds: what changes in the second of our stamp is stamped before it.
    private static DateTimeOffset WholeSecond(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private static SourceRow? Row(IReadOnlyDictionary<string, object?> row, bool whole, bool deleted) =>
        row.GetValueOrDefault("Id") is string id && row.GetValueOrDefault("SystemModstamp") is DateTimeOffset stamp
            ? new SourceRow { RecordId = id, Record = whole && !deleted ? row : null, Version = RecordVersion.Of(stamp), Stamp = deleted || !whole ? WireTime.Sortable(stamp) : null, Deleted = deleted }
            : null;

    // What we know and the running user may see: an org lacks some of the standard fields, and hides others.
    private string[] Fields(string entity, EntityDescriptor described)
    {
        var visible = described.Fields.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        var known = schema.Entity(entity) ?? described;
        return [.. known.Fields.Where(f => f.Readable && f.Type.Kind is not (FieldKind.Any or FieldKind.Object or FieldKind.List) && visible.Contains(f.Name)).Select(f => f.Name).Prepend("SystemModstamp").Prepend("Id").Distinct()];
    }

    private static string Query(string entity, string[] fields, string where) =>
        SoqlQueryText.Text(fields, entity, where, [new OrderTerm("SystemModstamp", false), new OrderTerm("Id", false)], PageSize);

    /// <summary>A place inside a long page: stamps are whole seconds, so the id tells rows of one second apart.</summary>
    private sealed record Drain(DateTimeOffset Sure, DateTimeOffset Stamp, string Id)
    {
        public override string ToString() => $"{WireTime.Sortable(Sure)}|{WireTime.Sortable(Stamp)}|{Id}";

        public static Drain? TryParse(string? token) =>
            token?.Split('|') is [var sure, var stamp, var id]
            && DateTimeOffset.TryParse(sure, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)
            && DateTimeOffset.TryParse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            && SalesforceIds.HasShape(id)
                ? new Drain(until, at, id)
                : null;
    }
}

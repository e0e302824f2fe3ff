using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>
/// One page of a list polled by modification time, for entities without an export. Every window begins some minutes before the stamp, so rows that showed up late are caught;
/// rows that come again are the same and change nothing. The stamp moves only when a window was read to its end.
/// </summary>
internal static class PollList
{
    private const int PageSize = 500;

    public static async Task<Outcome<SourcePage>> PollAsync(Session session, EntityAccess access, FeedWire feed, PollRequest request, CancellationToken cancellationToken)
    {
        var window = Window.Of(request.Cursor, session.Settings.PollOverlap);
        var query = session.Query(access);
        if (access.Wire.Active is { } active) query[active] = ReadPlanner.AllRows(active);
        if (window.From is { } from && access.Wire.Filters.GetValueOrDefault("modifiedOn")?.Gte is { } parameter) query[parameter] = WireTime.Text(from);
        // By id new rows only push others back: a page may repeat a row but never skips one.
        if (access.Wire.Sort.Contains(access.Entity.IdField)) query["sort"] = "+Id";
        query["page"] = window.Page.ToString(CultureInfo.InvariantCulture);
        query["pageSize"] = PageSize.ToString(CultureInfo.InvariantCulture);
        return await session.Caller.SendAsync(
            CallPurpose.Read,
            cancelled => session.Api.GetAsync(session.Path(access.Wire.Path), query, request.Priority, cancelled),
            answer => Read(session, access, feed, request, window, answer),
            cancellationToken).ConfigureAwait(false);
    }

    private static Outcome<SourcePage> Read(Session session, EntityAccess access, FeedWire feed, PollRequest request, Window window, RemoteAnswer answer)
    {
        var (list, more) = ListReader.ReadPage(answer, access.ReadRow);
        var highest = window.Highest;
        var rows = new List<SourceRow>(list.Count);
        foreach (var record in list)
        {
            var changed = access.Entity.VersionField is { } version ? record.GetValueOrDefault(version) : null;
            // Where a tenant's rows tell no time of change, the vendor's clock at the window's beginning stands for it.
            PollExport.Raise(ref highest, changed ?? (DateTimeOffset?)(answer.Headers.Date is { } date ? date : null));
            rows.Add(new SourceRow { RecordId = (string)record[access.Entity.IdField]!, Record = feed.Full ? record : null, Version = RecordVersion.Of(changed) });
        }

        var goesOn = more && list.Count > 0;
        return new SourcePage
        {
            Rows = rows,
            Cursor = goesOn ? new SourceCursor(new Window(window.Page + 1, window.From, highest).Token(), request.Cursor.HighWater) : new SourceCursor(null, highest ?? request.Cursor.HighWater),
            HasMore = goesOn,
            Pause = goesOn ? null : session.Settings.FeedPause,
        };
    }

    /// <summary>Where a window stands: its page, its beginning, and the latest change seen in it.</summary>
    private sealed record Window(int Page, DateTimeOffset? From, DateTimeOffset? Highest)
    {
        public string Token() => JsonSerializer.Serialize(this);

        public static Window Of(SourceCursor cursor, TimeSpan overlap)
        {
            try
            {
                if (cursor.Token is { } token && JsonSerializer.Deserialize<Window>(token) is { Page: > 0 } open) return open;
            }
            catch (JsonException)
            {
                // A token of another source: the stamp decides.
            }

            return new Window(1, cursor.HighWater - overlap, cursor.HighWater);
        }
    }
}

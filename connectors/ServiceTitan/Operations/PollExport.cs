using System.Security.Cryptography;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>One page of an export feed. The cursor's token goes on; a dead token falls back to the stamp.</summary>
internal static class PollExport
{
    public static async Task<Outcome<SourcePage>> PollAsync(Session session, EntityAccess access, FeedWire feed, PollRequest request, CancellationToken cancellationToken)
    {
        var path = feed.Path!;
        var outcome = await PageAsync(session, access, feed, path, request, request.Cursor.Token, cancellationToken).ConfigureAwait(false);
        // The vendor documents no life time of tokens: a refused one is replaced by the date up to which rows are known.
        if (outcome.Error is { Kind: ErrorKind.Rejected } && request.Cursor is { Token: not null, HighWater: not null })
        {
            outcome = await PageAsync(session, access, feed, path, request, null, cancellationToken).ConfigureAwait(false);
        }

        return outcome;
    }

    private static Task<Outcome<SourcePage>> PageAsync(Session session, EntityAccess access, FeedWire feed, string path, PollRequest request, string? token, CancellationToken cancellationToken)
    {
        var query = new Dictionary<string, string>();
        var from = token ?? (request.Cursor.HighWater is { } stamp ? WireTime.Text(stamp) : null);
        if (from is not null) query["from"] = from;
        if (session.Settings.RecentChanges) query["includeRecentChanges"] = "true";
        return session.Caller.SendAsync(
            CallPurpose.Read,
            cancelled => session.Api.GetAsync(session.Path(path), query, request.Priority, cancelled),
            answer => Read(session, access, feed, request.Cursor, answer),
            cancellationToken);
    }

    private static Outcome<SourcePage> Read(Session session, EntityAccess access, FeedWire feed, SourceCursor before, RemoteAnswer answer)
    {
        var reader = new Utf8JsonReader(answer.Body.Span);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new RecordFormatException("the feed's page is no object");
        var (more, token, rows, highest) = (false, (string?)null, (List<SourceRow>?)null, before.HighWater);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("hasMore"u8))
            {
                reader.Read();
                more = reader.TokenType == JsonTokenType.True;
            }
            else if (reader.ValueTextEquals("continueFrom"u8))
            {
                reader.Read();
                token = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
            else if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                rows = Rows(session, access, feed, answer.Body.Span, ref reader, ref highest);
            }
            else
            {
                reader.Skip();
            }
        }

        if (rows is null) throw new RecordFormatException("the feed's page has no data");
        if (string.IsNullOrEmpty(token))
        {
            // Without a token the same page would come for ever.
            if (more) throw new RecordFormatException("the feed's page has no continueFrom");
            token = before.Token;
        }

        return new SourcePage { Rows = rows, Cursor = new SourceCursor(token, highest), HasMore = more, Pause = more ? null : session.Settings.FeedPause };
    }

    private static List<SourceRow> Rows(Session session, EntityAccess access, FeedWire feed, ReadOnlySpan<byte> body, ref Utf8JsonReader reader, ref DateTimeOffset? highest)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new RecordFormatException("data is no list");
        // External data is never in a feed: where this application keeps some, the record is read for it.
        var whole = feed.Full && !(access.Wire.External && session.Settings.ApplicationGuid is not null);
        var hints = feed.Record is { } owner ? new RecordReader([new FieldDescriptor { Name = owner, Type = FieldType.Of(FieldKind.Id) }, new FieldDescriptor { Name = "modifiedOn", Type = FieldType.Of(FieldKind.Instant) }]) : null;
        var rows = new List<SourceRow>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (hints is not null)
            {
                var start = (int)reader.TokenStartIndex;
                var hint = hints.Read(ref reader);
                if (hint.GetValueOrDefault(feed.Record!) is not string parent) throw new RecordFormatException($"a row of the feed has no {feed.Record}");
                Raise(ref highest, hint.GetValueOrDefault("modifiedOn"));
                // The child's time says nothing about the version of the record it belongs to.
                rows.Add(new SourceRow { RecordId = parent, Stamp = Convert.ToHexStringLower(SHA256.HashData(body[start..(int)reader.BytesConsumed]).AsSpan(0, 8)) });
                continue;
            }

            var record = access.ReadRow(ref reader);
            // Feeds write an empty list there whatever the record holds: not known is said by leaving it out.
            if (access.Wire.External && record is Dictionary<string, object?> own) own.Remove("external");
            var changed = access.Entity.VersionField is { } version ? record.GetValueOrDefault(version) : null;
            Raise(ref highest, changed);
            // Who survives a merge is not in the row: such a record is read.
            var readable = whole && (!access.Wire.Survivor || Survivors.Itself(record));
            rows.Add(new SourceRow { RecordId = (string)record[access.Entity.IdField]!, Record = readable ? record : null, Version = RecordVersion.Of(changed) });
        }

        return rows;
    }

    public static void Raise(ref DateTimeOffset? highest, object? time)
    {
        if (time is DateTimeOffset found && (highest is null || found > highest)) highest = found;
    }
}

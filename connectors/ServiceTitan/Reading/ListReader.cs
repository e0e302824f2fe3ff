using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Reads lists page by page. Stops at <c>hasMore: false</c>; a list beyond the bound is an error, never cut silently.</summary>
internal sealed class ListReader(IServiceTitanApi api, RemoteCaller caller)
{
    private const int MostRows = 50_000;

    /// <summary>All rows of a list.</summary>
    /// <param name="path">The list's path.</param>
    /// <param name="query">Its parameters without paging.</param>
    /// <param name="read">Reads one row.</param>
    /// <param name="pageSize">Rows per page, 1 to 5000.</param>
    /// <param name="priority">Who is asking.</param>
    /// <param name="enough">Says after a page that the rest is not needed; null = all pages.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<(Outcome<List<IReadOnlyDictionary<string, object?>>> Rows, int Calls, bool More)> ReadAsync(
        string path, IReadOnlyDictionary<string, string> query, RowReader read, int pageSize, CallPriority priority, Func<List<IReadOnlyDictionary<string, object?>>, bool>? enough, CancellationToken cancellationToken)
    {
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        for (var page = 1; ; page++)
        {
            var parameters = new Dictionary<string, string>(query)
            {
                ["page"] = page.ToString(CultureInfo.InvariantCulture),
                ["pageSize"] = pageSize.ToString(CultureInfo.InvariantCulture),
            };
            var outcome = await caller.SendAsync(CallPurpose.Read, token => api.GetAsync(path, parameters, priority, token), answer => Page(answer, read), cancellationToken).ConfigureAwait(false);
            if (outcome.Error is { } error) return (error, page, false);
            var found = outcome.Value!;
            rows.AddRange(found.Rows);
            var more = found.HasMore && found.Rows.Count > 0;
            if (!more || enough?.Invoke(rows) == true) return (rows, page, more);
            if (rows.Count >= MostRows) return (new OperationError(ErrorKind.Rejected, "tooManyRows", $"More than {MostRows} rows meet this condition."), page, true);
        }
    }

    /// <summary>The rows of one page and whether there are more.</summary>
    public static (List<IReadOnlyDictionary<string, object?>> Rows, bool More) ReadPage(RemoteAnswer answer, RowReader read)
    {
        var page = Page(answer, read).Value!;
        return (page.Rows, page.HasMore);
    }

    private static Outcome<ListPage> Page(RemoteAnswer answer, RowReader read)
    {
        var reader = new Utf8JsonReader(answer.Body.Span);
        reader.Read();
        // A few lists answer a bare array.
        if (reader.TokenType == JsonTokenType.StartArray) return new ListPage(Rows(ref reader, read), false);
        if (reader.TokenType != JsonTokenType.StartObject) throw new RecordFormatException("a list was expected");
        var (more, found, rows) = (false, false, new List<IReadOnlyDictionary<string, object?>>());
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("hasMore"u8))
            {
                reader.Read();
                more = reader.TokenType == JsonTokenType.True;
            }
            else if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                rows = Rows(ref reader, read);
                found = true;
            }
            else
            {
                reader.Skip();
            }
        }

        return found ? new ListPage(rows, more) : throw new RecordFormatException("the list has no data");
    }

    private static List<IReadOnlyDictionary<string, object?>> Rows(ref Utf8JsonReader reader, RowReader read)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new RecordFormatException("data is no list");
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) rows.Add(read(ref reader));
        return rows;
    }

    private sealed record ListPage(List<IReadOnlyDictionary<string, object?>> Rows, bool HasMore);
}

/// <summary>Reads the row the reader stands on.</summary>
internal delegate IReadOnlyDictionary<string, object?> RowReader(ref Utf8JsonReader reader);

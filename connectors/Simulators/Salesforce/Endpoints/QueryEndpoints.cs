using System.Globalization;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Soql;

namespace WorkflowEngine.Simulators.Salesforce.Endpoints;

/// <summary><c>/query</c> and <c>/queryAll</c>, with cursors for the pages after the first.</summary>
internal sealed class QueryEndpoints(OrgState state, SimulatorOptions options, TimeProvider clock)
{
    private static readonly TimeSpan CursorLife = TimeSpan.FromDays(2);
    private readonly Dictionary<string, Cursor> _cursors = new(StringComparer.Ordinal);
    private readonly List<(OrgRecord AsItStood, DateTimeOffset Due)> _repeats = [];
    private int _nextCursor;

    /// <summary>Tells a record once more when this time has passed, as it stands now, to whoever asks first for what changed.</summary>
    public void Repeat(OrgRecord record, TimeSpan after)
    {
        var now = clock.GetUtcNow();
        var copy = new OrgRecord(record.Definition, record.Id) { IsDeleted = record.IsDeleted };
        foreach (var (name, value) in record.Values)
        {
            copy.Values[name] = value;
        }

        _repeats.Add((copy, now + after));
    }

    public Answer Query(SimulatorRequest request, string version, bool withDeleted)
    {
        request.Kind = withDeleted ? "queryAll" : "query";
        if (request.Value("q") is not { } text)
        {
            throw SalesforceErrors.Refuse(400, "MALFORMED_QUERY", "A query string has to be specified");
        }

        var now = clock.GetUtcNow();
        var query = SoqlParser.Parse(text, state.Schema, now);
        var runner = new SoqlRunner(state, now, withDeleted);
        var rows = runner.Run(query);
        if (_repeats.Count > 0 && query is { Count: false, Grouping: null, OrderBy: [{ Path: { Parents.Count: 0, Field.Name: "SystemModstamp" } }, ..] })
        {
            AddRepeats(query, rows, now);
        }

        request.Rows = rows.Count;
        if (query.Count)
        {
            return Answer.Json(200, w =>
            {
                w.WriteStartObject();
                w.WriteNumber("totalSize", rows.Count);
                w.WriteBoolean("done", true);
                w.WriteStartArray("records");
                w.WriteEndArray();
                w.WriteEndObject();
            });
        }

        var cursor = new Cursor(query, rows, withDeleted, now + CursorLife);
        return Page(version, null, cursor, 0, PageSize(request));
    }

    public Answer More(SimulatorRequest request, string version, string locator)
    {
        request.Kind = "query.more";
        var cut = locator.LastIndexOf('-');
        if (cut < 0 || !_cursors.TryGetValue(locator[..cut], out var cursor) || cursor.ExpiresAt <= clock.GetUtcNow()
            || !int.TryParse(locator.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) || offset >= cursor.Rows.Count)
        {
            throw SalesforceErrors.Refuse(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
        }

        return Page(version, locator[..cut], cursor, offset, PageSize(request));
    }

    public void Clear()
    {
        _cursors.Clear();
        _repeats.Clear();
    }

    /// <summary>Behind the rows of now. Stamps are whole seconds: a state with the stamp of the newest one cannot be told from it and is left out.</summary>
    private void AddRepeats(SoqlQuery query, List<OrgRecord> rows, DateTimeOffset now)
    {
        var due = _repeats.FindAll(r => r.AsItStood.Definition == query.From && r.Due <= now);
        if (due.Count == 0 || rows.Count >= (query.Limit ?? int.MaxValue))
        {
            return;
        }

        _repeats.RemoveAll(due.Contains);
        rows.AddRange(due.Where(r => state.Find(r.AsItStood.Id) is { } record && !Equals(record.Values.GetValueOrDefault("SystemModstamp"), r.AsItStood.Values.GetValueOrDefault("SystemModstamp")))
            .Select(r => r.AsItStood));
    }

    private Answer Page(string version, string? locator, Cursor cursor, int offset, int size)
    {
        var page = cursor.Rows.Skip(offset).Take(size).ToList();
        var done = offset + page.Count >= cursor.Rows.Count;
        if (!done && locator is null)
        {
            locator = Keep(cursor);
        }

        var json = new RecordJson(version, new SoqlRunner(state, clock.GetUtcNow(), cursor.WithDeleted), size, (child, rows) => Next(version, Keep(cursor with { Query = child.Query, Rows = rows }), size));
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteNumber("totalSize", cursor.Rows.Count);
            w.WriteBoolean("done", done);
            if (!done)
            {
                w.WriteString("nextRecordsUrl", Next(version, locator!, offset + page.Count));
            }

            w.WriteStartArray("records");
            foreach (var row in page)
            {
                if (cursor.Query.Grouping is { } grouping)
                {
                    RecordJson.Aggregate(w, row, grouping);
                }
                else
                {
                    json.Record(w, row, cursor.Query.Select, cursor.Query.Children);
                }
            }

            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    private string Keep(Cursor cursor)
    {
        var locator = RecordId.Make("01g", ++_nextCursor);
        _cursors[locator] = cursor;
        return locator;
    }

    private static string Next(string version, string locator, int offset) => string.Create(CultureInfo.InvariantCulture, $"/services/data/{version}/query/{locator}-{offset}");

    /// <summary>The caller's wish holds between 200 and 2,000.</summary>
    private int PageSize(SimulatorRequest request)
    {
        var wish = request.Header("Sforce-Query-Options")?.Split(',', ';').Select(p => p.Split('=', 2, StringSplitOptions.TrimEntries))
            .FirstOrDefault(p => p.Length == 2 && p[0].Equals("batchSize", StringComparison.OrdinalIgnoreCase))?[1];
        return Math.Min(
            options.QueryPageSize,
            wish is not null && int.TryParse(wish, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? Math.Clamp(size, 200, 2_000) : 2_000);
    }

    private sealed record Cursor(SoqlQuery Query, List<OrgRecord> Rows, bool WithDeleted, DateTimeOffset ExpiresAt);
}

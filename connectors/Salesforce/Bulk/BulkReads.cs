using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Api;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Bulk;

/// <summary>Query jobs of the Bulk API 2.0. No sums, no lists of children.</summary>
internal sealed class BulkReads(SalesforceCalls rest, OrgSchema schema, SecretScrubber scrubber) : IBulkReads
{
    private const string Query = "query";

    private readonly BulkCalls _calls = new(rest, scrubber);

    /// <inheritdoc/>
    public Task<Outcome<string>> StartAsync(BulkRead read, CancellationToken cancellationToken)
    {
        var where = new SoqlWhere(schema, read.Entity);
        if (!SoqlName.IsName(read.Entity) || read.Fields.Any(f => !SoqlName.IsPath(f))) return Task.FromResult<Outcome<string>>(BulkCalls.Bad("name", "A name of the query is none of Salesforce's."));
        if (where.Prepare(read.Condition, out var ready) is { } problem) return Task.FromResult<Outcome<string>>(BulkCalls.Bad("condition", problem));
        if (read.Fields.Any(f => schema.Children(read.Entity, f) is not null) || !where.CanBeAsked(ready)) return Task.FromResult<Outcome<string>>(BulkCalls.Bad("children", "A bulk job reads no lists of children."));
        var query = SoqlQueryText.Text(Paths(read), read.Entity, ConditionForms.IsAlways(ready) ? "" : ConditionForms.IsNever(ready) ? "Id = NULL" : where.Text(ready), [], null);
        return _calls.CreateAsync(
            Query,
            read.Priority,
            w =>
            {
                w.WriteString("operation", read.WithDeleted ? "queryAll" : "query");
                w.WriteString("query", query);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Outcome<BulkStatus>> StatusAsync(string job, CallPriority priority, CancellationToken cancellationToken) => _calls.StatusAsync(Query, job, priority, cancellationToken);

    /// <inheritdoc/>
    public async Task<Outcome<BulkPage>> PageAsync(string job, BulkRead read, string? place, int most, CancellationToken cancellationToken)
    {
        if (BulkCalls.Wrong(job) is { } wrong) return wrong;
        return await _calls.RowsAsync(
            token => rest.Api.QueryRowsAsync(rest.Version, job, place, most, read.Priority, token),
            async (response, rows) =>
            {
                var records = new List<IReadOnlyDictionary<string, object?>>();
                Column[]? columns = null;
                await foreach (var row in rows.ConfigureAwait(false))
                {
                    if (columns is null)
                    {
                        // The vendor writes names as the org does, which may differ in case from what was asked.
                        var paths = Paths(read).ToDictionary(p => p, StringComparer.OrdinalIgnoreCase);
                        columns = [.. row.Select(name => paths.GetValueOrDefault(name, name)).Select(path => new Column(path.Split('.'), new ValueReader(schema.Resolve(read.Entity, path)?.Type ?? FieldType.Of(FieldKind.Text), path)))];
                        continue;
                    }

                    if (row.Length != columns.Length) throw new RecordFormatException("a line of a bulk query with another number of columns than its header");
                    records.Add(Record(columns, row));
                }

                // The last page says so with a word, not by leaving the header out.
                var next = response.Headers.TryGetValues("Sforce-Locator", out var places) && places.FirstOrDefault() is { } to && to != "null" ? to : null;
                return Outcome<BulkPage>.Of(new BulkPage(records, next));
            },
            cancellationToken).ConfigureAwait(false);
    }

    private List<string> Paths(BulkRead read)
    {
        var paths = new List<string> { "Id" };
        if (schema.Entity(read.Entity)?.VersionField is { } version) paths.Add(version);
        paths.AddRange(read.Fields);
        return [.. paths.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static Dictionary<string, object?> Record(Column[] columns, string[] row)
    {
        var record = new Dictionary<string, object?>(columns.Length);
        for (var i = 0; i < row.Length; i++)
        {
            var at = record;
            foreach (var part in columns[i].Path.AsSpan(0, columns[i].Path.Length - 1))
            {
                if (at.GetValueOrDefault(part) is not Dictionary<string, object?> inner) at[part] = inner = [];
                at = inner;
            }

            at[columns[i].Path[^1]] = Value(columns[i].Reader, row[i]);
        }

        return record;
    }

    // Every value of a CSV is a text; the reader of wire values knows them all in that form.
    private static object? Value(ValueReader reader, string text)
    {
        if (text.Length == 0) return null;
        var json = new Utf8JsonReader(JsonSerializer.SerializeToUtf8Bytes(text));
        json.Read();
        return reader.Read(ref json);
    }

    private sealed record Column(string[] Path, ValueReader Reader);
}

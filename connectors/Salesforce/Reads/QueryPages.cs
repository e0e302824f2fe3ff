using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Api;
using WorkflowEngine.Salesforce.Errors;

namespace WorkflowEngine.Salesforce.Reads;

/// <summary>Runs queries and follows their pages.</summary>
internal sealed class QueryPages(SalesforceCalls calls, HostGuard hosts)
{
    /// <summary>The first page of a query.</summary>
    public Task<Outcome<QueryPage>> FirstAsync(RecordReader rows, string query, CallPriority priority, CancellationToken cancellationToken) =>
        calls.Caller.SendAsync(CallPurpose.Read, token => calls.Api.QueryAsync(calls.Version, query, priority, token), answer => Parse(answer, rows), cancellationToken);

    /// <summary>The first pages of several queries by one call, at most <see cref="CompositeQueries.Most"/>.</summary>
    public Task<Outcome<IReadOnlyList<Outcome<QueryPage>>>> SeveralAsync(RecordReader rows, IReadOnlyList<string> queries, CallPriority priority, CancellationToken cancellationToken) =>
        calls.Caller.SendAsync(
            CallPurpose.Read,
            token => calls.Api.CompositeAsync(calls.Version, CompositeQueries.Body(calls.Version, queries), priority, token),
            answer => Outcome<IReadOnlyList<Outcome<QueryPage>>>.Of([.. CompositeQueries.Parts(answer, queries.Count).Select(part => part.IsSuccess ? Parse(part, rows) : Refused(part))]),
            cancellationToken);

    /// <summary>The first page of a query that also finds what is in the recycle bin.</summary>
    public Task<Outcome<QueryPage>> AllAsync(RecordReader rows, string query, CallPriority priority, CancellationToken cancellationToken) =>
        calls.Caller.SendAsync(CallPurpose.Read, token => calls.Api.QueryAllAsync(calls.Version, query, priority, token), answer => Parse(answer, rows), cancellationToken);

    /// <summary>A later page.</summary>
    public Task<Outcome<QueryPage>> NextAsync(RecordReader rows, string next, CallPriority priority, CancellationToken cancellationToken) =>
        calls.Caller.SendAsync(CallPurpose.Read, token => calls.Api.GetAsync(next, priority, token), answer => Parse(answer, rows), cancellationToken);

    private static OperationError Refused(RemoteAnswer part) =>
        SalesforceErrors.OfAnswer(part, CallPurpose.Read) ?? throw new RecordFormatException($"a part of a composite answer failed without an error (HTTP {(int)part.Status})");

    private Outcome<QueryPage> Parse(RemoteAnswer answer, RecordReader rows)
    {
        var reader = new Utf8JsonReader(answer.Body.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new RecordFormatException("a query's answer was expected");
        List<IReadOnlyDictionary<string, object?>>? records = null;
        bool? done = null;
        string? next = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("records"u8))
            {
                reader.Read();
                records = rows.ReadList(ref reader);
            }
            else if (reader.ValueTextEquals("done"u8))
            {
                reader.Read();
                done = reader.TokenType is JsonTokenType.True or JsonTokenType.False ? reader.GetBoolean() : throw new RecordFormatException("'done' is no boolean");
            }
            else if (reader.ValueTextEquals("nextRecordsUrl"u8))
            {
                reader.Read();
                next = reader.TokenType switch
                {
                    JsonTokenType.Null => null,
                    JsonTokenType.String => reader.GetString(),
                    _ => throw new RecordFormatException("'nextRecordsUrl' is no text"),
                };
            }
            else
            {
                reader.Skip();
            }
        }

        if (records is null || done is null) throw new RecordFormatException("a query's answer without records or done");
        if (done.Value) return new QueryPage(records, null, answer.Headers.Date);
        // Rows cut short must never look like all rows.
        return new QueryPage(records, Path(next ?? throw new RecordFormatException("more pages, but no nextRecordsUrl")) ?? throw new RecordFormatException("nextRecordsUrl leads elsewhere"), answer.Headers.Date);
    }

    /// <summary>The path of a next page, without its first slash. It lies on the instance itself, below the data resources; null for anything else, which is not followed.</summary>
    public string? Path(string next)
    {
        if (Uri.TryCreate(next, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            if (!hosts.Allows(address)) return null;
            next = address.AbsolutePath;
        }

        return next.StartsWith("/services/data/", StringComparison.Ordinal) && !next.Contains("..", StringComparison.Ordinal) ? next[1..] : null;
    }
}

using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Api;
using WorkflowEngine.Salesforce.Errors;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Writes;

/// <summary>Carries out a write batch: one row by the single form, several by a collection. Rows are judged one by one.</summary>
internal sealed class WriteOperation
{
    /// <summary>Most rows of a collection.</summary>
    public const int MostRows = 200;

    private readonly SalesforceCalls _calls;
    private readonly WriteBatch _batch;
    private readonly RowBody _body;
    private readonly Dictionary<string, string> _headers;
    private readonly Outcome<WriteResult>[] _results;
    private int _made;

    public WriteOperation(SalesforceCalls calls, OrgSchema schema, WriteBatch batch)
    {
        _calls = calls;
        _batch = batch;
        _body = new RowBody(schema, batch.Entity);
        _headers = WriteHeaders.Of(batch);
        _results = new Outcome<WriteResult>[batch.Items.Count];
    }

    private CallPurpose Purpose => _batch.Verb == WriteVerb.Create ? CallPurpose.Create : CallPurpose.RepeatableWrite;

    public async Task<BatchAnswer<WriteResult>> RunAsync(CancellationToken cancellationToken)
    {
        if (BadName() is { } bad) return BatchAnswer<WriteResult>.Failed(new OperationError(ErrorKind.Bug, "name", $"'{bad}' is no name of a Salesforce object or field.") { NotExecuted = true }, 0);
        var chunks = Chunks();
        for (var i = 0; i < chunks.Count; i++)
        {
            if (await SendAsync(chunks[i], cancellationToken).ConfigureAwait(false) is not { } failed) continue;
            if (chunks.Count == 1) return BatchAnswer<WriteResult>.Failed(failed, _made);
            foreach (var row in chunks[i]) _results[row] = failed;
            if (failed.Kind is not (ErrorKind.RateLimited or ErrorKind.Quota or ErrorKind.Authentication or ErrorKind.Misconfigured)) continue;
            // What stopped this call stops the next ones too: they are not sent.
            foreach (var row in chunks.Skip(i + 1).SelectMany(c => c)) _results[row] = failed with { NotExecuted = true };
            break;
        }

        return new BatchAnswer<WriteResult> { Items = _results, Calls = _made };
    }

    /// <summary>Rows that can go in one call each. The vendor refuses both of two rows with one identity, so the second waits for the next call.</summary>
    private List<List<int>> Chunks()
    {
        var chunks = new List<(List<int> Rows, HashSet<string> Identities)>();
        for (var i = 0; i < _batch.Items.Count; i++)
        {
            var item = _batch.Items[i];
            string? identity = null;
            if (_batch.Verb == WriteVerb.Upsert)
            {
                identity = SoqlLiteral.PlainText(item.Key)?.ToUpperInvariant();
                if (string.IsNullOrEmpty(identity))
                {
                    _results[i] = new OperationError(ErrorKind.Bug, "key", $"An upsert by {_batch.KeyField} needs a key.") { NotExecuted = true };
                    continue;
                }
            }
            else if (_batch.Verb != WriteVerb.Create)
            {
                if (item.Id is null || !SalesforceIds.HasShape(item.Id))
                {
                    _results[i] = _batch.Verb == WriteVerb.Delete && item.Id is not null
                        ? new WriteResult(item.Id, false)
                        : new OperationError(ErrorKind.Rejected, "MALFORMED_ID", "This is no id of a Salesforce record.") { NotExecuted = true };
                    continue;
                }

                identity = item.Id[..15];
            }

            var chunk = chunks.FirstOrDefault(c => c.Rows.Count < MostRows && (identity is null || !c.Identities.Contains(identity)));
            if (chunk.Rows is null) chunks.Add(chunk = ([], new HashSet<string>(StringComparer.Ordinal)));
            chunk.Rows.Add(i);
            if (identity is not null) chunk.Identities.Add(identity);
        }

        return [.. chunks.Select(c => c.Rows)];
    }

    /// <summary>Sends one call.</summary>
    /// <returns>An error of the whole call; null when its rows have their results.</returns>
    private async Task<OperationError?> SendAsync(IReadOnlyList<int> rows, CancellationToken cancellationToken)
    {
        var single = rows.Count == 1 && (_batch.Verb != WriteVerb.Upsert || FitsAddress(_batch.Items[rows[0]].Key));
        var bodies = new List<ReadOnlyMemory<byte>>(rows.Count);
        var sent = new List<int>(rows.Count);
        foreach (var row in rows)
        {
            if (Body(row, single) is not { } body) continue;
            bodies.Add(body);
            sent.Add(row);
        }

        if (sent.Count == 0) return null;
        _made++;
        if (single)
        {
            var outcome = await SendOneAsync(_batch.Items[sent[0]], bodies[0], cancellationToken).ConfigureAwait(false);
            return Alone(outcome, sent[0]);
        }

        var items = sent.Select(row => _batch.Items[row]).ToArray();
        var results = await SendAllAsync(items, bodies, cancellationToken).ConfigureAwait(false);
        if (results.Error is { } error)
        {
            error = SalesforceErrors.OfPath(error, _batch.Entity);
            return sent.Count == 1 ? Alone(error, sent[0]) : SalesforceErrors.ForCall(error);
        }

        for (var i = 0; i < sent.Count; i++) _results[sent[i]] = results.Value![i];
        return null;
    }

    // A row that went alone is judged itself, except for what concerns every call.
    private OperationError? Alone(Outcome<WriteResult> outcome, int row)
    {
        if (outcome.Error is { Kind: ErrorKind.RateLimited or ErrorKind.Quota or ErrorKind.Authentication } error) return error;
        _results[row] = outcome;
        return null;
    }

    private ReadOnlyMemory<byte>? Body(int row, bool single)
    {
        var item = _batch.Items[row];
        if (_batch.Verb == WriteVerb.Delete) return ReadOnlyMemory<byte>.Empty;
        if (item.Fields.Keys.FirstOrDefault(name => !SoqlName.IsPath(name)) is { } bad)
        {
            _results[row] = new OperationError(ErrorKind.Bug, "name", $"'{bad}' is no name of a Salesforce field.") { NotExecuted = true };
            return null;
        }

        try
        {
            var upsert = _batch.Verb == WriteVerb.Upsert;
            return single
                ? _body.Write(item, null, null, upsert ? _batch.KeyField : "Id", typed: false)
                : _body.Write(item, upsert ? _batch.KeyField : null, _batch.Verb == WriteVerb.Update ? item.Id : null, "Id", typed: true);
        }
        catch (RecordFormatException e)
        {
            _results[row] = new OperationError(ErrorKind.Rejected, "value", e.Message) { NotExecuted = true };
            return null;
        }
    }

    private async Task<Outcome<WriteResult>> SendOneAsync(WriteItem item, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var (api, version, entity) = (_calls.Api, _calls.Version, _batch.Entity);
        switch (_batch.Verb)
        {
            case WriteVerb.Create:
                var created = await _calls.Caller.SendAsync(Purpose, token => api.CreateAsync(version, entity, Json(body), _headers, _batch.Priority, token), a => SaveResults.OfSingle(a, WriteVerb.Create, item), cancellationToken).ConfigureAwait(false);
                return created.Error is { } refused ? SalesforceErrors.OfPath(refused, entity) : created;
            case WriteVerb.Update:
                return await _calls.Caller.SendAsync(Purpose, token => api.UpdateAsync(version, entity, item.Id!, Json(body), _headers, _batch.Priority, token), _ => Outcome<WriteResult>.Of(new WriteResult(SalesforceIds.Long(item.Id!), false)), cancellationToken).ConfigureAwait(false);
            case WriteVerb.Delete:
                var deleted = await _calls.Caller.SendAsync(Purpose, token => api.DeleteAsync(version, entity, item.Id!, _headers, _batch.Priority, token), _ => Outcome<WriteResult>.Of(new WriteResult(SalesforceIds.Long(item.Id!), false)), cancellationToken).ConfigureAwait(false);
                return deleted.Error is { } gone && SaveResults.IsGone(gone) ? new WriteResult(SalesforceIds.Long(item.Id!), false) : deleted;
            default:
                return await UpsertOneAsync(item, body, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Outcome<WriteResult>> UpsertOneAsync(WriteItem item, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var (api, version, entity, field, key) = (_calls.Api, _calls.Version, _batch.Entity, _batch.KeyField!, SoqlLiteral.PlainText(item.Key)!);
        var upserted = await _calls.Caller.SendAsync(
            Purpose,
            token => api.UpsertAsync(version, entity, field, key, Json(body), _headers, _batch.Priority, token),
            answer => answer.Status == HttpStatusCode.NoContent ? Outcome<WriteResult>.Of(new WriteResult("", false)) : SaveResults.OfSingle(answer, WriteVerb.Upsert, item),
            cancellationToken).ConfigureAwait(false);
        if (upserted.Error is { } error) return SalesforceErrors.OfPath(error, entity);
        if (upserted.Value!.Id.Length > 0) return upserted;

        // Versions up to 45.0 answer an update with nothing: the id is asked for.
        _made++;
        return await _calls.Caller.SendAsync(
            CallPurpose.Read,
            token => api.FindAsync(version, entity, field, key, _batch.Priority, token),
            answer =>
            {
                using var document = JsonDocument.Parse(answer.Body);
                return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("Id", out var id) && id.GetString() is { } text
                    ? Outcome<WriteResult>.Of(new WriteResult(SalesforceIds.Long(text), false))
                    : throw new RecordFormatException("a record without Id");
            },
            cancellationToken).ConfigureAwait(false);
    }

    private Task<Outcome<IReadOnlyList<Outcome<WriteResult>>>> SendAllAsync(IReadOnlyList<WriteItem> items, IReadOnlyList<ReadOnlyMemory<byte>> bodies, CancellationToken cancellationToken)
    {
        var (api, version) = (_calls.Api, _calls.Version);
        var envelope = _batch.Verb == WriteVerb.Delete ? ReadOnlyMemory<byte>.Empty : Envelope(bodies);
        return _calls.Caller.SendAsync(
            Purpose,
            token => _batch.Verb switch
            {
                WriteVerb.Create => api.CreateAllAsync(version, Json(envelope), _headers, _batch.Priority, token),
                WriteVerb.Update => api.UpdateAllAsync(version, Json(envelope), _headers, _batch.Priority, token),
                WriteVerb.Upsert => api.UpsertAllAsync(version, _batch.Entity, _batch.KeyField!, Json(envelope), _headers, _batch.Priority, token),
                _ => api.DeleteAllAsync(version, string.Join(',', items.Select(i => i.Id)), _headers, _batch.Priority, token),
            },
            answer => Outcome<IReadOnlyList<Outcome<WriteResult>>>.Of(SaveResults.OfCollection(answer, _batch.Verb, items)),
            cancellationToken);
    }

    private string? BadName()
    {
        if (!SoqlName.IsName(_batch.Entity)) return _batch.Entity;
        return _batch.Verb == WriteVerb.Upsert && (_batch.KeyField is null || !SoqlName.IsName(_batch.KeyField)) ? _batch.KeyField ?? "" : null;
    }

    // Slashes, dots and the like change their meaning in an address (a value that ends like a file's name is a 404); in a body they are only text.
    private static bool FitsAddress(object? key) =>
        SoqlLiteral.PlainText(key) is { Length: > 0 and <= 255 } text && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static ReadOnlyMemory<byte> Envelope(IReadOnlyList<ReadOnlyMemory<byte>> rows)
    {
        var buffer = new ArrayBufferWriter<byte>(64 + rows.Sum(r => r.Length + 1));
        buffer.Write("""{"allOrNone":false,"records":["""u8);
        for (var i = 0; i < rows.Count; i++)
        {
            if (i > 0) buffer.Write(","u8);
            buffer.Write(rows[i].Span);
        }

        buffer.Write("]}"u8);
        return buffer.WrittenMemory;
    }

    private static ByteArrayContent Json(ReadOnlyMemory<byte> body)
    {
        // Not copied: a call of 200 rows is large enough to be collected with the oldest objects only.
        var content = MemoryMarshal.TryGetArray(body, out var bytes) ? new ByteArrayContent(bytes.Array!, bytes.Offset, bytes.Count) : new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        return content;
    }
}

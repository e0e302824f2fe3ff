using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce.Api;
using WorkflowEngine.Salesforce.Errors;
using WorkflowEngine.Salesforce.Reads;
using WorkflowEngine.Salesforce.Soap;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Writes;

/// <summary>Merges records over SOAP, the only way there is. A record that went already is looked for under the one that took it, so a repeat after a lost answer does no harm.</summary>
internal sealed class MergeOperation(SalesforceCalls calls, QueryPages pages, OrgSchema schema, SoapCalls soap, WriteBatch batch)
{
    // Merges of merges of merges: longer chains are no accident.
    private const int MostHops = 8;

    private readonly Outcome<WriteResult>[] _results = new Outcome<WriteResult>[batch.Items.Count];
    private int _made;

    public async Task<BatchAnswer<WriteResult>> RunAsync(CancellationToken cancellationToken)
    {
        if (!SoqlName.IsName(batch.Entity)) return BatchAnswer<WriteResult>.Failed(new OperationError(ErrorKind.Bug, "name", $"'{batch.Entity}' is no name of a Salesforce object.") { NotExecuted = true }, 0);
        var open = new List<Work>();
        for (var i = 0; i < batch.Items.Count; i++)
        {
            if (Check(batch.Items[i]) is { } bad) _results[i] = bad;
            else if (Start(i) is { Absorbed.Count: > 0 } work) open.Add(work);
            else _results[i] = new WriteResult(SalesforceIds.Long(batch.Items[i].Id!), false);
        }

        if (await MergeAsync(open, again: false, cancellationToken).ConfigureAwait(false) is { } failed) return BatchAnswer<WriteResult>.Failed(failed, _made + soap.Made);
        return new BatchAnswer<WriteResult> { Items = _results, Calls = _made + soap.Made };
    }

    private static OperationError? Check(WriteItem item)
    {
        if (item.Id is null || !SalesforceIds.HasShape(item.Id) || !item.Absorb.All(SalesforceIds.HasShape)) return Bad(ErrorKind.Rejected, "MALFORMED_ID", "A merge takes ids of Salesforce records.");
        if (item.Fields.FirstOrDefault(f => !SoqlName.IsName(f.Key)) is { Key: { } name }) return Bad(ErrorKind.Bug, "name", $"'{name}' is no name of a Salesforce field.");
        return item.Fields.FirstOrDefault(f => f.Value is ParentReference) is { Key: { } parent } ? Bad(ErrorKind.Rejected, "value", $"{parent}: a merge takes the parent's id, not its external id.") : null;
    }

    private Work Start(int index)
    {
        var item = batch.Items[index];
        var survivor = SalesforceIds.Long(item.Id!);
        return new Work(index, survivor, [.. item.Absorb.Select(SalesforceIds.Long).Where(id => id != survivor).Distinct()]);
    }

    private async Task<OperationError?> MergeAsync(IReadOnlyList<Work> open, bool again, CancellationToken cancellationToken)
    {
        // The survivor's values go with its first request.
        var requests = open.SelectMany(w => w.Absorbed.Chunk(MergeEnvelope.MostAbsorbed)
            .Select((ids, i) => (Work: w, Request: new MergeEnvelope.Request(w.Survivor, ids, i == 0 ? batch.Items[w.Index].Fields : new Dictionary<string, object?>())))).ToArray();
        var failures = new Dictionary<Work, OperationError>();
        foreach (var chunk in requests.Chunk(MergeEnvelope.MostRequests))
        {
            var outcome = await SendAsync([.. chunk.Select(c => c.Request)], cancellationToken).ConfigureAwait(false);
            if (outcome.Error is { } error) return open.Count == 1 && !again ? error : SalesforceErrors.ForCall(error);
            for (var i = 0; i < chunk.Length; i++)
            {
                if (outcome.Value![i] is { Id: null } refused) failures.TryAdd(chunk[i].Work, SalesforceErrors.OfErrors(refused.Errors));
            }
        }

        foreach (var work in open)
        {
            if (!failures.TryGetValue(work, out var failure)) _results[work.Index] = new WriteResult(work.Survivor, false);
            else if (again || !SaveResults.IsGone(failure)) _results[work.Index] = failure;
            else await FollowAsync(work, failure, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    private Task<Outcome<IReadOnlyList<SoapResult>>> SendAsync(MergeEnvelope.Request[] requests, CancellationToken cancellationToken) => soap.SendAsync(
        MergeEnvelope.Header(batch.Options.GetValueOrDefault(WriteHeaders.DuplicateRule) == "allow"), MergeEnvelope.Body(batch.Entity, requests), requests.Length, batch.Priority, cancellationToken);

    /// <summary>A record of the merge is gone: it may have been merged before, here or by somebody else.</summary>
    private async Task FollowAsync(Work work, OperationError failure, CancellationToken cancellationToken)
    {
        var fates = new Dictionary<string, (bool Deleted, string? Master)>(StringComparer.Ordinal);
        IReadOnlyList<string> ask = [work.Survivor, .. work.Absorbed];
        for (var hop = 0; hop < MostHops && ask.Count > 0; hop++)
        {
            if (await AskAsync(ask, fates, cancellationToken).ConfigureAwait(false) is { } error)
            {
                _results[work.Index] = error;
                return;
            }

            ask = [.. fates.Values.Select(f => f.Master).OfType<string>().Where(m => !fates.ContainsKey(m)).Distinct()];
        }

        var survivor = End(fates, work.Survivor);
        if (survivor is null)
        {
            _results[work.Index] = failure;
            return;
        }

        var left = work.Absorbed.Where(id => fates.TryGetValue(id, out var fate) && !fate.Deleted && id != survivor).ToArray();
        var rest = new Work(work.Index, survivor, left);
        if (left.Length > 0)
        {
            if (await MergeAsync([rest], again: true, cancellationToken).ConfigureAwait(false) is { } error) _results[work.Index] = error;
            return;
        }

        _results[work.Index] = new WriteResult(survivor, false);
        var fields = batch.Items[work.Index].Fields;
        if (fields.Count == 0) return;
        var update = new WriteBatch { Entity = batch.Entity, Verb = WriteVerb.Update, Items = [new WriteItem { Id = survivor, Fields = fields }], Options = batch.Options, Priority = batch.Priority };
        var updated = await new WriteOperation(calls, schema, update).RunAsync(cancellationToken).ConfigureAwait(false);
        _made += updated.Calls;
        _results[work.Index] = updated.CallError is { } refused ? refused : updated.Items[0];
    }

    private async Task<OperationError?> AskAsync(IReadOnlyList<string> ids, Dictionary<string, (bool Deleted, string? Master)> fates, CancellationToken cancellationToken)
    {
        string[] fields = ["Id", "IsDeleted", "MasterRecordId"];
        var where = new SoqlWhere(schema, batch.Entity).Text(new FieldCondition("Id", Comparison.In, [.. ids]));
        _made++;
        var page = await pages.AllAsync(RowShape.Reader(schema, batch.Entity, fields), SoqlQueryText.Text(fields, batch.Entity, where, [], null), batch.Priority, cancellationToken).ConfigureAwait(false);
        if (page.Error is { } error) return error;
        foreach (var id in ids) fates[id] = (true, null);
        foreach (var row in page.Value!.Rows)
        {
            if (row.GetValueOrDefault("Id") is string id) fates[SalesforceIds.Long(id)] = (row.GetValueOrDefault("IsDeleted") is true, row.GetValueOrDefault("MasterRecordId") is string master ? SalesforceIds.Long(master) : null);
        }

        return null;
    }

    private static string? End(Dictionary<string, (bool Deleted, string? Master)> fates, string id)
    {
        for (var hop = 0; hop <= MostHops; hop++)
        {
            if (!fates.TryGetValue(id, out var fate)) return null;
            if (!fate.Deleted) return id;
            if (fate.Master is not { } master) return null;
            id = master;
        }

        return null;
    }

    private static OperationError Bad(ErrorKind kind, string code, string message) => new(kind, code, message) { NotExecuted = true };

    private sealed record Work(int Index, string Survivor, IReadOnlyList<string> Absorbed);
}

using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce.Errors;
using WorkflowEngine.Salesforce.Reads;
using WorkflowEngine.Salesforce.Soap;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Writes;

/// <summary>Takes records out of the recycle bin over SOAP, the only way there is. One that is not in it and lives was taken back before: a repeat after a lost answer does no harm.</summary>
internal sealed class RestoreOperation(QueryPages pages, OrgSchema schema, SoapCalls soap, WriteBatch batch)
{
    public async Task<BatchAnswer<WriteResult>> RunAsync(CancellationToken cancellationToken)
    {
        if (!SoqlName.IsName(batch.Entity)) return BatchAnswer<WriteResult>.Failed(new OperationError(ErrorKind.Bug, "name", $"'{batch.Entity}' is no name of a Salesforce object.") { NotExecuted = true }, 0);
        var results = new Outcome<WriteResult>[batch.Items.Count];
        var asked = new List<int>();
        for (var i = 0; i < results.Length; i++)
        {
            if (batch.Items[i].Id is { } id && SalesforceIds.HasShape(id)) asked.Add(i);
            else results[i] = new OperationError(ErrorKind.Rejected, "MALFORMED_ID", "Restoring takes the id of a Salesforce record.") { NotExecuted = true };
        }

        var made = 0;
        if (asked.Count > 0)
        {
            var body = "<urn:undelete>" + string.Concat(asked.Select(i => $"<urn:ids>{SalesforceIds.Long(batch.Items[i].Id!)}</urn:ids>")) + "</urn:undelete>";
            var outcome = await soap.SendAsync("", body, asked.Count, batch.Priority, cancellationToken).ConfigureAwait(false);
            if (outcome.Error is { } error) return BatchAnswer<WriteResult>.Failed(asked.Count == 1 ? error : SalesforceErrors.ForCall(error), soap.Made);
            for (var i = 0; i < asked.Count; i++)
            {
                var id = SalesforceIds.Long(batch.Items[asked[i]].Id!);
                if (outcome.Value![i] is { Id: not null })
                {
                    results[asked[i]] = new WriteResult(id, false);
                    continue;
                }

                made++;
                var refused = SalesforceErrors.OfErrors(outcome.Value[i].Errors);
                results[asked[i]] = await LivesAsync(id, cancellationToken).ConfigureAwait(false) is { } lives ? lives ? new WriteResult(id, false) : refused : refused;
            }
        }

        return new BatchAnswer<WriteResult> { Items = results, Calls = soap.Made + made };
    }

    private async Task<bool?> LivesAsync(string id, CancellationToken cancellationToken)
    {
        string[] fields = ["Id"];
        var where = new SoqlWhere(schema, batch.Entity).Text(new FieldCondition("Id", Comparison.In, [id]));
        var page = await pages.FirstAsync(RowShape.Reader(schema, batch.Entity, fields), SoqlQueryText.Text(fields, batch.Entity, where, [], null), batch.Priority, cancellationToken).ConfigureAwait(false);
        return page.Succeeded ? page.Value.Rows.Count > 0 : null;
    }
}

using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce.Reads;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Writes;

/// <summary>A write to a record that is gone asks whether another record took it: then it is no refusal but a conflict that names the survivor, and the engine matches again.</summary>
internal sealed class MergedRecords(QueryPages pages, OrgSchema schema)
{
    /// <summary>The code of such a conflict.</summary>
    public const string Code = "MERGED";

    public async Task<BatchAnswer<WriteResult>> FollowAsync(WriteBatch batch, BatchAnswer<WriteResult> answer, CancellationToken cancellationToken)
    {
        if (batch.Verb != WriteVerb.Update || answer.CallError is not null) return answer;
        var gone = batch.Items.Select((item, i) => (item.Id, Index: i)).Where(g => answer.Items[g.Index].Error is { } error && SaveResults.IsGone(error) && g.Id is not null && SalesforceIds.HasShape(g.Id)).ToArray();
        // Only what knows of merges is asked about them.
        if (gone.Length == 0 || schema.Field(batch.Entity, "MasterRecordId") is null) return answer;
        string[] fields = ["Id", "MasterRecordId"];
        var where = new SoqlWhere(schema, batch.Entity).Text(new FieldCondition("Id", Comparison.In, [.. gone.Select(g => g.Id!).Distinct()]));
        var page = await pages.AllAsync(RowShape.Reader(schema, batch.Entity, fields), SoqlQueryText.Text(fields, batch.Entity, where, [], null), batch.Priority, cancellationToken).ConfigureAwait(false);
        // Whether it was merged is a help, not the answer: without it the refusal stands.
        if (page.Error is not null) return answer with { Calls = answer.Calls + 1 };
        var masters = page.Value!.Rows.Where(r => r.GetValueOrDefault("MasterRecordId") is string).ToDictionary(r => SalesforceIds.Long((string)r["Id"]!), r => SalesforceIds.Long((string)r["MasterRecordId"]!), StringComparer.Ordinal);
        var items = answer.Items.ToArray();
        foreach (var (id, index) in gone)
        {
            if (!masters.TryGetValue(SalesforceIds.Long(id!), out var survivor)) continue;
            items[index] = new OperationError(ErrorKind.Conflict, Code, $"The record was merged into {survivor}.") { RecordIds = [survivor], NotExecuted = true };
        }

        return answer with { Items = items, Calls = answer.Calls + 1 };
    }
}

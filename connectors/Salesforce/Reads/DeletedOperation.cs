using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Reads;

/// <summary>Reads what is in the recycle bin. Rare, so each asker has a query of its own. What went up in another record by a merge is deleted too, and is not shown: it lives on there.</summary>
internal sealed class DeletedOperation(QueryPages pages, OrgSchema schema, ReadBatch batch)
{
    private const string Master = "MasterRecordId";

    public async Task<BatchAnswer<ReadRows>> RunAsync(CancellationToken cancellationToken)
    {
        if (!SoqlName.IsName(batch.Entity) || batch.Fields.FirstOrDefault(f => !SoqlName.IsName(f)) is not null)
        {
            return BatchAnswer<ReadRows>.Failed(new OperationError(ErrorKind.Bug, "name", $"Deleted records of {batch.Entity} cannot be asked for by these names.") { NotExecuted = true }, 0);
        }

        var merges = batch.Entity is "Account" or "Contact" or "Lead";
        string[] fields = [.. batch.Fields.Append("Id").Concat(merges ? [Master] : []).Distinct(StringComparer.Ordinal)];
        var items = new Outcome<ReadRows>[batch.Conditions.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var where = new SoqlWhere(schema, batch.Entity).Text(new AllOf([new FieldCondition("IsDeleted", Comparison.In, [true]), batch.Conditions[i]]));
            var page = await pages.AllAsync(RowShape.Reader(schema, batch.Entity, fields), SoqlQueryText.Text(fields, batch.Entity, where, [], null), batch.Priority, cancellationToken).ConfigureAwait(false);
            if (page.Error is { } error) return BatchAnswer<ReadRows>.Failed(error, i + 1);
            var rows = page.Value!.Rows.Where(r => r.GetValueOrDefault(Master) is null).Take(batch.RowCap).ToList();
            items[i] = new ReadRows(rows, page.Value.Next is not null || rows.Count == batch.RowCap);
        }

        return new BatchAnswer<ReadRows> { Items = items, Calls = items.Length };
    }
}

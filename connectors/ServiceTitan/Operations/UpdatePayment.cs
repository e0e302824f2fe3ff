using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Changes a payment. Its PATCH wants type and splits every time; what is not given stays as it is.</summary>
internal sealed class UpdatePayment(IWriteOperation patch) : IWriteOperation
{
    public async Task<Outcome<WriteResult>> WriteAsync(Session session, EntityAccess access, WriteItem item, CallPriority priority, CallTally tally, CancellationToken cancellationToken)
    {
        if (item.Fields.ContainsKey("typeId") && item.Fields.ContainsKey("splits")) return await patch.WriteAsync(session, access, item, priority, tally, cancellationToken).ConfigureAwait(false);
        if (item.Id is not { Length: > 0 } id || !id.All(char.IsAsciiDigit)) return ServiceTitanErrors.Unfit($"'{item.Id}' is no id of a payment.");
        tally.Add();
        // There is no reading of one payment by its id: its list is asked.
        var read = await new ReadRecords().ReadAsync(session, access, new ReadBatch
        {
            Entity = access.Entity.Name, Fields = [], Conditions = [new FieldCondition("id", Comparison.In, [id])], IncludeInactive = true, Priority = priority,
        }, cancellationToken).ConfigureAwait(false);
        if ((read.CallError ?? read.Items[0].Error) is { } error) return error with { NotExecuted = true };
        if (read.Items[0].Value!.Rows is not [var current]) return new OperationError(ErrorKind.Rejected, "404", $"There is no payment {id}.") { NotExecuted = true };
        var fields = new Dictionary<string, object?>(item.Fields);
        fields.TryAdd("typeId", current.GetValueOrDefault("typeId"));
        fields.TryAdd("splits", (current.GetValueOrDefault("appliedTo") as IReadOnlyList<object?> ?? []).OfType<IReadOnlyDictionary<string, object?>>()
            .Select(a => (object?)new Dictionary<string, object?> { ["invoiceId"] = a.GetValueOrDefault("appliedTo"), ["amount"] = a.GetValueOrDefault("appliedAmount") }).ToList());
        return await patch.WriteAsync(session, access, item with { Fields = fields }, priority, tally, cancellationToken).ConfigureAwait(false);
    }
}

using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Changes a campaign. Its PATCH wants name, unit, category and activity every time; a reading shows the unit by its name only.</summary>
internal sealed class UpdateCampaign : IWriteOperation
{
    private static readonly PatchRecord Patch = new();

    public async Task<Outcome<WriteResult>> WriteAsync(Session session, EntityAccess access, WriteItem item, CallPriority priority, CallTally tally, CancellationToken cancellationToken)
    {
        if (item.Id is not { Length: > 0 } id || !id.All(char.IsAsciiDigit)) return ServiceTitanErrors.Unfit($"'{item.Id}' is no id of a campaign.");
        tally.Add();
        var current = await ReadRecords.OneAsync(session, access, id, priority, cancellationToken).ConfigureAwait(false);
        if (current.Error is { } unread) return unread with { NotExecuted = true };
        if (current.Value is not [var record]) return new OperationError(ErrorKind.Rejected, "404", $"There is no campaign {id}.") { NotExecuted = true };
        var fields = new Dictionary<string, object?>(item.Fields);
        fields.TryAdd("name", record["name"]);
        fields.TryAdd("active", record["active"]);
        fields.TryAdd("categoryId", (record.GetValueOrDefault("category") as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("id"));
        if (!fields.ContainsKey("businessUnitId"))
        {
            var units = await UnitsAsync(session, record.GetValueOrDefault("businessUnit") as string, priority, tally, cancellationToken).ConfigureAwait(false);
            if (units.Error is { } error) return error with { NotExecuted = true };
            if (units.Value is not [var unit]) return ServiceTitanErrors.Unfit($"businessUnitId must be given: {units.Value!.Count} business units are named '{record.GetValueOrDefault("businessUnit")}'.", "businessUnitId");
            fields["businessUnitId"] = unit["id"];
        }

        return await Patch.WriteAsync(session, access, item with { Fields = fields }, priority, tally, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Outcome<IReadOnlyList<IReadOnlyDictionary<string, object?>>>> UnitsAsync(Session session, string? name, CallPriority priority, CallTally tally, CancellationToken cancellationToken)
    {
        if (name is null) return Outcome<IReadOnlyList<IReadOnlyDictionary<string, object?>>>.Of([]);
        tally.Add();
        var read = await new ReadRecords().ReadAsync(session, session.Access("businessUnit")!, new ReadBatch
        {
            Entity = "businessUnit", Fields = ["id"], Conditions = [new FieldCondition("name", Comparison.In, [name])], IncludeInactive = true, Priority = priority,
        }, cancellationToken).ConfigureAwait(false);
        if ((read.CallError ?? read.Items[0].Error) is { } error) return error;
        return Outcome<IReadOnlyList<IReadOnlyDictionary<string, object?>>>.Of(read.Items[0].Value!.Rows);
    }
}

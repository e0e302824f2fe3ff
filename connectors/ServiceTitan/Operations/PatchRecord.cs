using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Changes a record with one PATCH. Addresses must go out whole and lists of custom fields replace all, so those are read and merged first.</summary>
internal sealed class PatchRecord : IWriteOperation
{
    private static readonly string[] AddressParts = ["street", "unit", "city", "state", "zip", "country", "latitude", "longitude"];

    public async Task<Outcome<WriteResult>> WriteAsync(Session session, EntityAccess access, WriteItem item, CallPriority priority, CallTally tally, CancellationToken cancellationToken)
    {
        if (FoldedFields.Refused(item.Fields) is { } refused) return refused;
        if (item.Id is not { Length: > 0 } id || !id.All(char.IsAsciiDigit)) return ServiceTitanErrors.Unfit($"'{item.Id}' is no id of a {access.Entity.Name}.");
        var fields = FoldedFields.Of(item.Fields);
        IReadOnlyDictionary<string, string>? customIds = null;
        if (fields.ContainsKey("address") || fields.ContainsKey("custom"))
        {
            tally.Add();
            var current = await ReadRecords.OneAsync(session, access, id, priority, cancellationToken).ConfigureAwait(false);
            if (current.Error is { } unread) return unread with { NotExecuted = true };
            if (current.Value is not [var record]) return new OperationError(ErrorKind.Rejected, "404", $"There is no {access.Entity.Name} {id}.") { NotExecuted = true };
            if (fields.GetValueOrDefault("address") is Dictionary<string, object?> address) fields["address"] = Address(access.Entity.Name, address, record.GetValueOrDefault("address") as IReadOnlyDictionary<string, object?>);
            if (fields.GetValueOrDefault("custom") is Dictionary<string, object?> custom)
            {
                foreach (var (name, value) in record.GetValueOrDefault("custom") as IReadOnlyDictionary<string, object?> ?? new Dictionary<string, object?>()) custom.TryAdd(name, value);
                var types = await session.CustomTypes.IdsAsync(access.Wire.CustomTypes!, priority, cancellationToken).ConfigureAwait(false);
                if (types.Error is { } error) return error;
                customIds = types.Value;
            }
        }

        var body = new RecordBody(session, access).Write(fields, customIds, update: true);
        if (body.Error is { } unfit) return unfit;
        using var content = body.Value!;
        tally.Add();
        return await session.Caller.SendAsync(
            CallPurpose.RepeatableWrite,
            token => session.Api.PatchAsync($"{session.Path(access.Wire.Path)}/{id}", content, priority, token),
            answer => Outcome<WriteResult>.Of(new WriteResult(id, Created: false, access.ReadBody(answer.Body.Span))),
            cancellationToken).ConfigureAwait(false);
    }

    // ServiceTitan takes a customer's address only whole and without nulls; a location's may lack coordinates. A new street keeps the old
    // coordinates until ServiceTitan finds new ones: there is no way to say that they are unknown.
    private static Dictionary<string, object?> Address(string entity, Dictionary<string, object?> given, IReadOnlyDictionary<string, object?>? current) =>
        AddressParts.ToDictionary(part => part, part =>
        {
            var value = given.TryGetValue(part, out var own) ? own : current?.GetValueOrDefault(part);
            return value ?? (part is "latitude" or "longitude" ? (entity == "customer" ? 0d : null) : "");
        });
}

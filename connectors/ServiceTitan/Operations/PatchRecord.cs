using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Changes a record with one PATCH. Addresses must go out whole and lists of custom fields replace all, so those are read and merged first.</summary>
internal sealed class PatchRecord : IWriteOperation
{
    // A technician's is called home.
    private static readonly string[] Addresses = ["address", "home"];

    public async Task<Outcome<WriteResult>> WriteAsync(Session session, EntityAccess access, WriteItem item, CallPriority priority, CallTally tally, CancellationToken cancellationToken)
    {
        if (FoldedFields.Refused(item.Fields) is { } refused) return refused;
        if (item.Id is not { Length: > 0 } id || !id.All(char.IsAsciiDigit)) return ServiceTitanErrors.Unfit($"'{item.Id}' is no id of a {access.Entity.Name}.");
        var filled = WirePath.Fill(session, access.Wire.Update?.Path ?? access.Wire.Path + "/{id}", new Dictionary<string, object?>(item.Fields) { ["id"] = id });
        if (filled.Error is { } unplaced) return unplaced;
        var (path, used) = filled.Value;
        var fields = FoldedFields.Of(item.Fields);
        foreach (var name in used) fields.Remove(name);
        IReadOnlyDictionary<string, string>? customIds = null;
        if (Addresses.Any(fields.ContainsKey) || fields.ContainsKey("custom"))
        {
            tally.Add();
            var current = await ReadRecords.OneAsync(session, access, id, priority, cancellationToken).ConfigureAwait(false);
            if (current.Error is { } unread) return unread with { NotExecuted = true };
            if (current.Value is not [var record]) return new OperationError(ErrorKind.Rejected, "404", $"There is no {access.Entity.Name} {id}.") { NotExecuted = true };
            foreach (var name in Addresses)
            {
                if (fields.GetValueOrDefault(name) is Dictionary<string, object?> address) fields[name] = Address(access.Entity, name, address, record.GetValueOrDefault(name) as IReadOnlyDictionary<string, object?>);
            }

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
            token => session.Api.PatchAsync(path, content, priority, token),
            answer => Result(access, item, id, used, answer),
            cancellationToken).ConfigureAwait(false);
    }

    private static Outcome<WriteResult> Result(EntityAccess access, WriteItem item, string id, IReadOnlySet<string> used, RemoteAnswer answer)
    {
        if (access.Wire.Update?.Answers is "id" or "nothing") return new WriteResult(id, Created: false);
        var record = access.Reader.Read(answer.Body.Span);
        foreach (var name in used) record.TryAdd(name, name == "id" ? id : item.Fields[name]);
        access.Complete(record);
        return new WriteResult(id, Created: false, record);
    }

    // ServiceTitan takes an address only whole; a customer's without nulls, a location's may lack coordinates, a booking's has none. A new street keeps
    // the old coordinates until ServiceTitan finds new ones: there is no way to say that they are unknown.
    private static Dictionary<string, object?> Address(EntityDescriptor entity, string field, Dictionary<string, object?> given, IReadOnlyDictionary<string, object?>? current) =>
        entity.Field(field)!.Type.Fields.Where(part => part.Name != "streetAddress").ToDictionary(part => part.Name, part =>
        {
            var value = given.TryGetValue(part.Name, out var own) ? own : current?.GetValueOrDefault(part.Name);
            return value ?? (part.Name is "latitude" or "longitude" ? (entity.Name == "customer" ? 0d : null) : "");
        });
}

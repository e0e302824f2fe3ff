using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Makes a record with one POST, to the entity's list or where its <c>wire.create</c> says.</summary>
internal sealed class CreateRecord : IWriteOperation
{
    public async Task<Outcome<WriteResult>> WriteAsync(Session session, EntityAccess access, WriteItem item, CallPriority priority, CallTally tally, CancellationToken cancellationToken)
    {
        if (FoldedFields.Refused(item.Fields) is { } refused) return refused;
        var filled = WirePath.Fill(session, access.Wire.Create?.Path ?? access.Wire.Path, item.Fields);
        if (filled.Error is { } unplaced) return unplaced;
        var (path, used) = filled.Value;
        var fields = FoldedFields.Of(item.Fields);
        foreach (var name in used) fields.Remove(name);
        IReadOnlyDictionary<string, string>? customIds = null;
        if (fields.GetValueOrDefault("custom") is not null)
        {
            var types = await session.CustomTypes.IdsAsync(access.Wire.CustomTypes!, priority, cancellationToken).ConfigureAwait(false);
            if (types.Error is { } error) return error;
            customIds = types.Value;
        }

        var body = new RecordBody(session, access).Write(fields, customIds, update: false);
        if (body.Error is { } unfit) return unfit;
        using var content = body.Value!;
        tally.Add();
        return await session.Caller.SendAsync(
            CallPurpose.Create,
            token => session.Api.PostAsync(path, content, priority, token),
            answer => Result(access, item, used, answer),
            cancellationToken).ConfigureAwait(false);
    }

    private static Outcome<WriteResult> Result(EntityAccess access, WriteItem item, IReadOnlySet<string> used, RemoteAnswer answer)
    {
        if (access.Wire.Create?.Answers == "id") return new WriteResult(EntityAccess.ReadId(answer.Body.Span), Created: true);
        var record = access.Reader.Read(answer.Body.Span);
        // A child's answer does not name its parent.
        foreach (var name in used) record.TryAdd(name, item.Fields[name]);
        access.Complete(record);
        return new WriteResult((string)record[access.Entity.IdField]!, Created: true, record);
    }
}

using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Makes a record with one POST to the entity's list.</summary>
internal sealed class CreateRecord : IWriteOperation
{
    public async Task<Outcome<WriteResult>> WriteAsync(Session session, EntityAccess access, WriteItem item, CallPriority priority, CallTally tally, CancellationToken cancellationToken)
    {
        if (FoldedFields.Refused(item.Fields) is { } refused) return refused;
        var fields = FoldedFields.Of(item.Fields);
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
            token => session.Api.PostAsync(session.Path(access.Wire.Path), content, priority, token),
            answer =>
            {
                var record = access.ReadBody(answer.Body.Span);
                return Outcome<WriteResult>.Of(new WriteResult((string)record[access.Entity.IdField]!, Created: true, record));
            },
            cancellationToken).ConfigureAwait(false);
    }
}

using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Removes a record with one DELETE; one that is gone already counts as removed.</summary>
internal sealed class DeleteRecord : IWriteOperation
{
    public async Task<Outcome<WriteResult>> WriteAsync(Session session, EntityAccess access, WriteItem item, CallPriority priority, CallTally tally, CancellationToken cancellationToken)
    {
        if (item.Id is not { Length: > 0 } id || !id.All(char.IsAsciiDigit)) return ServiceTitanErrors.Unfit($"'{item.Id}' is no id of a {access.Entity.Name}.");
        tally.Add();
        var answer = await session.Caller.SendAsync(
            CallPurpose.RepeatableWrite,
            token => session.Api.DeleteAsync($"{session.Path(access.Wire.Path)}/{id}", priority, token),
            _ => Outcome<WriteResult>.Of(new WriteResult(id, Created: false)),
            cancellationToken).ConfigureAwait(false);
        return answer.Error is { Kind: ErrorKind.Rejected, Code: "404" } ? new WriteResult(id, Created: false) : answer;
    }
}

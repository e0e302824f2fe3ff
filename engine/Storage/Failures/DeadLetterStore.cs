using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class DeadLetterStore(StoreDatabase database, WorkspaceKeys keys) : IDeadLetterStore
{
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        // Without payload and state: a list of them would be large, and a person who lists needs neither.
        var rows = new RowQuery<DeadLetterRow>("dead_letter", nameof(DeadLetterRow.Payload), nameof(DeadLetterRow.RunState))
            .Where("workspace_id = {0}", filter.Workspace).WhereGiven("deployment_id = {0}", filter.Deployment).WhereGiven("state = {0}", (int?)filter.State).WhereGiven("key = {0}", filter.Key)
            .WhereGiven("fingerprint = {0}", filter.Fingerprint).WhereGiven("run_id = {0}", filter.Run).WhereGiven("id < {0}", filter.Before).Then("ORDER BY id DESC").Limit(filter.Limit);
        var page = await rows.ReadAsync(database, cancellationToken).ConfigureAwait(false);
        return [.. page.Select(row => Read(row, [], null))];
    }

    public async Task<DeadLetter?> FindAsync(string workspace, long id, CancellationToken cancellationToken)
    {
        var rows = await new RowQuery<DeadLetterRow>("dead_letter").Where("workspace_id = {0}", workspace).Where("id = {0}", id).ReadAsync(database, cancellationToken).ConfigureAwait(false);
        if (rows.SingleOrDefault() is not { } row) return null;
        await database.ReadAsync(
            async session =>
            {
                await keys.RecallAsync(session, workspace, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        var seal = keys.Of(workspace);
        return Read(
            row,
            seal.Open(row.Payload, Purposes.DeadLetterPayload(workspace, id)),
            row.RunState is null ? null : seal.Open(row.RunState, Purposes.DeadLetterState(workspace, id)));
    }

    private static DeadLetter Read(DeadLetterRow row, byte[] payload, byte[]? state) => new(
        row.Id,
        new NewDeadLetter
        {
            Deployment = new DeploymentRef(row.WorkspaceId, row.DeploymentId),
            FlowHash = row.FlowHash,
            Trigger = row.TriggerId,
            Kind = (EventKind)row.Kind,
            Key = row.Key,
            Entity = row.Entity,
            RecordId = row.RecordId,
            Version = row.Version,
            Payload = payload,
            Full = row.IsFull,
            State = state,
            RunId = row.RunId,
            Step = row.Step,
            Place = row.Place,
            ErrorKind = (ErrorKind)row.ErrorKind,
            Code = row.Code,
            Message = row.Message,
            Fingerprint = row.Fingerprint,
            Attempts = JsonSerializer.Deserialize<List<string>>(row.Attempts)!,
            At = row.FailedAt,
            ReceivedAt = row.ReceivedAt,
            Priority = (CallPriority)row.Priority,
        },
        (DeadLetterState)row.State,
        row.Note,
        row.ClosedAt);
}

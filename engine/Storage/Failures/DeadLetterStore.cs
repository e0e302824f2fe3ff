using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class DeadLetterStore(StoreDatabase database, WorkspaceKeys keys) : IDeadLetterStore
{
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var rows = context.DeadLetters.AsNoTracking().Where(row => row.WorkspaceId == filter.Workspace);
        if (filter.Deployment is { } deployment) rows = rows.Where(row => row.DeploymentId == deployment);
        if (filter.State is { } state) rows = rows.Where(row => row.State == (int)state);
        if (filter.Key is { } key) rows = rows.Where(row => row.Key == key);
        if (filter.Fingerprint is { } fingerprint) rows = rows.Where(row => row.Fingerprint == fingerprint);
        if (filter.Run is { } run) rows = rows.Where(row => row.RunId == run);
        if (filter.Before is { } before) rows = rows.Where(row => row.Id < before);

        // Without payload and state: a list of them would be large, and a person who lists needs neither.
        var page = await rows.OrderByDescending(row => row.Id).Take(filter.Limit).Select(row => new DeadLetterRow
        {
            Id = row.Id,
            WorkspaceId = row.WorkspaceId,
            DeploymentId = row.DeploymentId,
            FlowHash = row.FlowHash,
            TriggerId = row.TriggerId,
            Kind = row.Kind,
            Key = row.Key,
            Entity = row.Entity,
            RecordId = row.RecordId,
            Version = row.Version,
            IsFull = row.IsFull,
            RunId = row.RunId,
            Step = row.Step,
            Place = row.Place,
            ErrorKind = row.ErrorKind,
            Code = row.Code,
            Message = row.Message,
            Fingerprint = row.Fingerprint,
            Attempts = row.Attempts,
            FailedAt = row.FailedAt,
            ReceivedAt = row.ReceivedAt,
            Priority = row.Priority,
            State = row.State,
            Note = row.Note,
            ClosedAt = row.ClosedAt,
        }).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. page.Select(row => Read(row, [], null))];
    }

    public async Task<DeadLetter?> FindAsync(string workspace, long id, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var row = await context.DeadLetters.AsNoTracking().SingleOrDefaultAsync(letter => letter.WorkspaceId == workspace && letter.Id == id, cancellationToken)
            .ConfigureAwait(false);
        if (row is null) return null;
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

using System.Data.Common;
using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

/// <summary>What one transaction does to the events kept for later.</summary>
internal sealed class PlannedEvents(IStoreDialect dialect, WorkspaceKeys keys)
{
    private const int MostAtOnce = 500;

    private static readonly RowStatement Save = new(
        """
        INSERT INTO planned_event (workspace_id, deployment_id, key, name, due_at, lane, priority, trigger_id, kind, entity, record_id, version, received_at, is_full, replay_of, payload, run_state)
        SELECT v.workspace_id, v.deployment_id, v.key, v.name, v.due_at, v.lane, v.priority, v.trigger_id, v.kind, v.entity, v.record_id, v.version, v.received_at, v.is_full, v.replay_of, v.payload, v.run_state
        FROM {rows} WHERE true
        ON CONFLICT (workspace_id, deployment_id, key, name) DO UPDATE SET due_at = excluded.due_at, lane = excluded.lane, priority = excluded.priority, trigger_id = excluded.trigger_id,
            kind = excluded.kind, entity = excluded.entity, record_id = excluded.record_id, version = excluded.version, received_at = excluded.received_at, is_full = excluded.is_full,
            replay_of = excluded.replay_of, payload = excluded.payload, run_state = excluded.run_state
        """,
        [.. KeyColumns, RowStatement.Long("due_at"), RowStatement.Int("lane"), RowStatement.Int("priority"), RowStatement.Text("trigger_id"), RowStatement.Int("kind"), RowStatement.Text("entity"),
            RowStatement.Text("record_id"), RowStatement.Text("version"), RowStatement.Long("received_at"), RowStatement.Bool("is_full"), RowStatement.Long("replay_of"), RowStatement.Bytes("payload"),
            RowStatement.Bytes("run_state")]);

    private static readonly RowStatement Remove = new(
        "DELETE FROM planned_event WHERE (workspace_id, deployment_id, key, name) IN (SELECT v.workspace_id, v.deployment_id, v.key, v.name FROM {rows})",
        KeyColumns)
    {
        One = "DELETE FROM planned_event WHERE workspace_id = v.workspace_id AND deployment_id = v.deployment_id AND key = v.key AND name = v.name",
    };

    private static readonly RowStatement Sooner = new(
        """
        UPDATE planned_event SET due_at = v.new_due FROM {rows}
        WHERE planned_event.workspace_id = v.workspace_id AND planned_event.deployment_id = v.deployment_id AND planned_event.key = v.key AND planned_event.name = v.name AND planned_event.due_at > v.new_due
        """,
        [.. KeyColumns, RowStatement.Long("new_due")]);

    private readonly Dictionary<(EventKey Key, string Name), PlanEvent?> _changes = [];
    private readonly List<HastenPlanned> _hastened = [];

    private static Column[] KeyColumns => [RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"), RowStatement.Text("key"), RowStatement.Text("name")];

    public void Plan(PlanEvent plan) => _changes[(Clean(new EventKey(plan.Event.Deployment, plan.Event.Key)), plan.Name)] = plan;

    public void Cancel(CancelPlanned cancel) => _changes[(Clean(cancel.Key), cancel.Name)] = null;

    public void Hasten(HastenPlanned hasten) => _hastened.Add(hasten with { Key = Clean(hasten.Key) });

    public async Task WriteAsync(StoreSession session, CancellationToken cancellationToken)
    {
        if (_hastened.Count > 0)
        {
            await dialect.SendAsync(session, Sooner, [.. _hastened.Select(h => (object?[])[.. Row(h.Key, h.Name), h.DueAt.UtcTicks])], null, cancellationToken).ConfigureAwait(false);
        }

        if (_changes.Count == 0) return;
        await dialect.SendAsync(session, Remove, [.. _changes.Where(c => c.Value is null).Select(c => Row(c.Key.Key, c.Key.Name))], null, cancellationToken).ConfigureAwait(false);
        await dialect.SendAsync(session, Save, [.. _changes.Where(c => c.Value is not null).Select(c => Row(c.Key.Key, c.Value!))], null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes out what is due, and says what it is; the caller accepts it in the same transaction.</summary>
    public static async Task<IReadOnlyList<NewEvent>> TakeDueAsync(StoreSession session, WorkspaceKeys keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = new List<(NewEvent Event, string Name)>();
        await using (var command = session.Connection.CreateCommand())
        {
            command.Transaction = session.Transaction;
            command.CommandText = string.Create(
                CultureInfo.InvariantCulture,
                $"""
                DELETE FROM planned_event WHERE (workspace_id, deployment_id, key, name) IN (
                    SELECT p.workspace_id, p.deployment_id, p.key, p.name FROM planned_event p WHERE p.due_at <= {now.UtcTicks} ORDER BY p.due_at LIMIT {MostAtOnce})
                RETURNING workspace_id, deployment_id, key, name, lane, priority, trigger_id, kind, entity, record_id, version, received_at, is_full, replay_of, payload, run_state, due_at
                """);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) found.Add((Read(reader), reader.GetString(3)));
        }

        foreach (var workspace in found.Select(f => f.Event.Deployment.Workspace).Distinct()) await keys.RecallAsync(session, workspace, cancellationToken).ConfigureAwait(false);

        // The order of the answer is not that of the question; until they are accepted, DueAt says since when they are due.
        return
        [
            .. found.OrderBy(f => f.Event.DueAt).Select(f =>
            {
                var (workspace, deployment) = (f.Event.Deployment.Workspace, f.Event.Deployment.Id);
                var seal = keys.Of(workspace);
                return f.Event with
                {
                    DueAt = null,
                    Payload = seal.Open(f.Event.Payload, Purposes.PlannedPayload(workspace, deployment, f.Event.Key, f.Name)),
                    Checkpoint = f.Event.Checkpoint is { } state ? seal.Open(state, Purposes.PlannedState(workspace, deployment, f.Event.Key, f.Name)) : null,
                };
            }),
        ];
    }

    private static EventKey Clean(EventKey key) => key with { Key = StoreText.Clean(key.Key) };

    private static object?[] Row(EventKey key, string name) => [key.Deployment.Workspace, key.Deployment.Id, key.Key, name];

    private object?[] Row(EventKey key, PlanEvent plan)
    {
        var item = plan.Event;
        var (workspace, deployment) = (key.Deployment.Workspace, key.Deployment.Id);
        var seal = keys.Of(workspace);
        return
        [
            .. Row(key, plan.Name), plan.DueAt.UtcTicks, item.Lane, (int)item.Priority, item.Trigger, (int)item.Kind, item.Entity, item.RecordId, item.Version, item.ReceivedAt.UtcTicks, item.Full,
            item.ReplayOf, seal.Seal(item.Payload, Purposes.PlannedPayload(workspace, deployment, key.Key, plan.Name)),
            item.Checkpoint is { } state ? seal.Seal(state, Purposes.PlannedState(workspace, deployment, key.Key, plan.Name)) : null,
        ];
    }

    private static NewEvent Read(DbDataReader reader) => new()
    {
        Deployment = new DeploymentRef(reader.GetString(0), reader.GetGuid(1)),
        Key = reader.GetString(2),
        Lane = reader.GetInt32(4),
        Priority = (CallPriority)reader.GetInt32(5),
        Trigger = reader.GetString(6),
        Kind = (EventKind)reader.GetInt32(7),
        Entity = reader.IsDBNull(8) ? null : reader.GetString(8),
        RecordId = reader.IsDBNull(9) ? null : reader.GetString(9),
        Version = reader.IsDBNull(10) ? null : reader.GetString(10),
        ReceivedAt = new DateTimeOffset(reader.GetInt64(11), TimeSpan.Zero),
        Full = reader.GetBoolean(12),
        ReplayOf = reader.IsDBNull(13) ? null : reader.GetInt64(13),
        Payload = reader.GetFieldValue<byte[]>(14),
        Checkpoint = reader.IsDBNull(15) ? null : reader.GetFieldValue<byte[]>(15),
        DueAt = new DateTimeOffset(reader.GetInt64(16), TimeSpan.Zero),
    };
}

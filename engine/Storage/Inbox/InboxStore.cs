using System.Data.Common;
using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class InboxStore(StoreDatabase database, WorkspaceKeys keys) : IInboxStore
{
    private const int MostIdsInStatement = 500;
    private const string Columns =
        "e.id, e.workspace_id, e.deployment_id, e.key, e.lane, e.trigger_id, e.kind, e.entity, e.record_id, e.version, e.rank, e.attempt, e.deaths, e.received_at, e.is_full, e.replay_of, e.hold";

    /// <summary>Events of a key.</summary>
    private static readonly RowStatement Waiting = new(
        $"""
        SELECT {Columns}, e.state FROM {"{rows}"}, event e WHERE e.workspace_id = v.workspace_id AND e.deployment_id = v.deployment_id AND e.key = v.key ORDER BY e.id
        """,
        RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"), RowStatement.Text("key"));

    /// <summary>Chosen events and how many wait in their keys. Not written as <c>state = 0</c>: PostgreSQL would walk the ready index for it.</summary>
    private static readonly RowStatement Chosen = new(
        $"""
        SELECT {Columns}, (SELECT COUNT(*) FROM event w WHERE w.workspace_id = e.workspace_id AND w.deployment_id = e.deployment_id AND w.key = e.key)
        FROM {"{rows}"}, event e WHERE e.id = v.id AND e.state NOT IN (1, 2)
        """,
        RowStatement.Long("id"));

    private static readonly RowStatement Work = new(
        "SELECT e.id, e.workspace_id, e.payload, c.state FROM {rows}, event e LEFT JOIN checkpoint c ON c.workspace_id = e.workspace_id AND c.event_id = e.id WHERE e.id = v.id",
        RowStatement.Long("id"));

    private static readonly RowStatement WakeDelayed = new(
        "UPDATE event SET state = 0, due_at = NULL FROM {rows} WHERE event.workspace_id = v.workspace_id AND event.deployment_id = v.deployment_id AND event.state = 2",
        RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"));

    private static readonly RowStatement WakePlanned = new(
        "UPDATE planned_event SET due_at = v.at FROM {rows} WHERE planned_event.workspace_id = v.workspace_id AND planned_event.deployment_id = v.deployment_id AND planned_event.due_at > v.at",
        RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"), RowStatement.Long("at"));

    public async Task<IReadOnlyList<ReadyEvent>> ReadReadyAsync(
        DeploymentRef deployment, IReadOnlyList<int> lanes, InFlight inFlight, int limit, CancellationToken cancellationToken)
    {
        if (limit <= 0 || lanes.Count == 0) return [];
        return await database.ReadAsync(
            session => new ReadyScan(database.Dialect, session, deployment, lanes).ReadAsync(inFlight, limit, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Rows of these events that are ready, in no order, with how many wait in their keys.</summary>
    internal static Task ReadChosenAsync(
        IStoreDialect dialect, StoreSession session, DeploymentRef deployment, IEnumerable<long> ids, Action<ReadyEvent> read, CancellationToken cancellationToken) => dialect.QueryAsync(
        session,
        Chosen,
        [.. ids.Select(id => new object?[] { id })],
        reader => read(Read(reader, new EventKey(deployment, reader.GetString(3)), reader.GetInt32(17))),
        cancellationToken);

    public Task<IReadOnlyList<ReadyEvent>> ReadWaitingAsync(EventKey key, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<ReadyEvent>>(
        async session =>
        {
            var rows = new List<(ReadyEvent Event, int State)>();
            await database.Dialect.QueryAsync(
                session,
                Waiting,
                [[key.Deployment.Workspace, key.Deployment.Id, key.Key]],
                reader => rows.Add((Read(reader, key, 1), reader.GetInt32(17))),
                cancellationToken).ConfigureAwait(false);
            if (rows.TrueForAll(row => row.State != 0)) return [];
            rows.RemoveAll(row => row.State == 2);
            return [.. rows.Select(row => row.Event with { Waiting = rows.Count })];
        },
        cancellationToken);

    public async Task<IReadOnlyList<EventWork>> ReadWorkAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return [];
        var found = new Dictionary<long, (string Workspace, byte[] Payload, byte[]? State)>(ids.Count);
        await database.ReadAsync(
            async session =>
            {
                await database.Dialect.QueryAsync(
                    session,
                    Work,
                    [.. ids.Select(id => new object?[] { id })],
                    reader => found[reader.GetInt64(0)] =
                        (reader.GetString(1), reader.GetFieldValue<byte[]>(2), reader.IsDBNull(3) ? null : reader.GetFieldValue<byte[]>(3)),
                    cancellationToken).ConfigureAwait(false);
                foreach (var workspace in found.Values.Select(row => row.Workspace).Distinct()) await keys.RecallAsync(session, workspace, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

        var result = new List<EventWork>(ids.Count);
        foreach (var id in ids)
        {
            if (!found.TryGetValue(id, out var row)) continue;
            var seal = keys.Of(row.Workspace);
            result.Add(new EventWork(
                id,
                seal.Open(row.Payload, Purposes.EventPayload(row.Workspace, id)),
                row.State is null ? null : seal.Open(row.State, Purposes.Checkpoint(row.Workspace, id))));
        }

        return result;
    }

    public async Task<(int Woken, DateTimeOffset? NextDue)> WakeDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Most ticks find nothing due: they must not take the writer.
        var next = await NextDueAsync(cancellationToken).ConfigureAwait(false);
        if (next is null || next > now) return (0, next);
        var woken = await database.WriteAsync(
            async session =>
            {
                var delayed = await ExecuteAsync(
                    session, string.Create(CultureInfo.InvariantCulture, $"UPDATE event SET state = 0, due_at = NULL WHERE state = 2 AND due_at <= {now.UtcTicks}"), cancellationToken).ConfigureAwait(false);
                var planned = await PlannedEvents.TakeDueAsync(session, keys, now, cancellationToken).ConfigureAwait(false);
                if (planned.Count == 0) return delayed;
                var events = new EventDraft(database.Dialect, keys, 0);
                foreach (var item in planned) events.Append(item);
                await events.BeginAsync(session, cancellationToken).ConfigureAwait(false);
                await database.Dialect.FlushAsync(session, cancellationToken).ConfigureAwait(false);
                await events.WriteAsync(session, cancellationToken).ConfigureAwait(false);
                await database.Dialect.FlushAsync(session, cancellationToken).ConfigureAwait(false);
                await events.EndAsync(session, cancellationToken).ConfigureAwait(false);
                return delayed + planned.Count;
            },
            cancellationToken).ConfigureAwait(false);
        return (woken, await NextDueAsync(cancellationToken).ConfigureAwait(false));
    }

    public async Task WakeAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return;
        await database.WriteAsync(
            async session =>
            {
                foreach (var chunk in ids.Chunk(MostIdsInStatement))
                {
                    await ExecuteAsync(session, $"UPDATE event SET state = 0, due_at = NULL WHERE state = 2 AND id IN ({List(chunk)})", cancellationToken).ConfigureAwait(false);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public Task<long> WakeAllAsync(DeploymentRef deployment, IReadOnlyList<int> lanes, DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            await database.Dialect.ExecuteAsync(session, WakeDelayed, [[deployment.Workspace, deployment.Id]], cancellationToken).ConfigureAwait(false);
            await database.Dialect.ExecuteAsync(session, WakePlanned, [[deployment.Workspace, deployment.Id, now.UtcTicks]], cancellationToken).ConfigureAwait(false);
            await using var command = session.Connection.CreateCommand();
            command.Transaction = session.Transaction;
            if (lanes.Count == 0) return 0;
            command.CommandText =
                $"""
                SELECT (SELECT COUNT(*) FROM event e WHERE e.workspace_id = @workspace AND e.deployment_id = @deployment {ReadyScan.LaneFilter("e", lanes)})
                    + (SELECT COUNT(*) FROM planned_event p WHERE p.workspace_id = @workspace AND p.deployment_id = @deployment {ReadyScan.LaneFilter("p", lanes)})
                """;
            Add(command, "workspace", deployment.Workspace);
            Add(command, "deployment", deployment.Id);
            return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
        },
        cancellationToken);

    public Task<int> RecoverAsync(IReadOnlyList<int> lanes, CancellationToken cancellationToken) => lanes.Count == 0 ? Task.FromResult(0) : database.WriteAsync(
        async session =>
        {
            var of = ReadyScan.LaneFilter("event", lanes);
            await ExecuteAsync(session, $"UPDATE event SET state = 0, due_at = NULL WHERE state = 2 AND reason IN ('{DelayEvent.ForAnotherRun}', '{DelayEvent.ForJob}') {of}", cancellationToken).ConfigureAwait(false);
            return await ExecuteAsync(session, $"UPDATE event SET deaths = deaths + 1, claimed_by = NULL WHERE claimed_by IS NOT NULL {of}", cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    public Task<bool> IsPendingAsync(DeploymentRef deployment, string trigger, CancellationToken cancellationToken) => database.ReadAsync(
        async session =>
        {
            await using var command = session.Connection.CreateCommand();
            command.CommandText = "SELECT 1 FROM event e WHERE e.workspace_id = @workspace AND e.deployment_id = @deployment AND e.trigger_id = @trigger LIMIT 1";
            Add(command, "workspace", deployment.Workspace);
            Add(command, "deployment", deployment.Id);
            Add(command, "trigger", trigger);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not null;
        },
        cancellationToken);

    public Task<IReadOnlyList<BacklogCount>> CountAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<BacklogCount>>(
        async session =>
        {
            var result = new List<BacklogCount>();

            // Waiting rows are ready unless another row holds their key.
            await QueryAsync(
                session,
                """
                SELECT s.workspace_id, s.deployment_id,
                    SUM(CASE WHEN s.state = 0 OR (s.state = 1 AND s.held = 0) THEN 1 ELSE 0 END),
                    SUM(CASE WHEN s.state = 1 AND s.held = 1 THEN 1 ELSE 0 END),
                    SUM(CASE WHEN s.state = 2 THEN 1 ELSE 0 END), SUM(CASE WHEN s.priority = 2 THEN 1 ELSE 0 END)
                FROM (SELECT e.workspace_id, e.deployment_id, e.state, e.priority, CASE WHEN e.state = 1 AND EXISTS (
                        SELECT 1 FROM event h WHERE h.workspace_id = e.workspace_id AND h.deployment_id = e.deployment_id AND h.key = e.key AND h.hold = 1) THEN 1 ELSE 0 END AS held
                      FROM event e) s
                GROUP BY s.workspace_id, s.deployment_id ORDER BY s.workspace_id, s.deployment_id
                """,
                reader => result.Add(new BacklogCount(
                    new DeploymentRef(reader.GetString(0), reader.GetGuid(1)), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5))),
                cancellationToken).ConfigureAwait(false);
            return result;
        },
        cancellationToken);

    private static string List(IEnumerable<long> ids) => string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private static async Task<int> ExecuteAsync(StoreSession session, string sql, CancellationToken cancellationToken)
    {
        await using var command = session.Connection.CreateCommand();
        command.Transaction = session.Transaction;
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task QueryAsync(StoreSession session, string sql, Action<DbDataReader> read, CancellationToken cancellationToken)
    {
        await using var command = session.Connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) read(reader);
    }

    private static ReadyEvent Read(DbDataReader reader, EventKey key, int waiting) => new()
    {
        Id = reader.GetInt64(0),
        Key = key,
        Lane = reader.GetInt32(4),
        Trigger = reader.GetString(5),
        Kind = (EventKind)reader.GetInt32(6),
        Entity = reader.IsDBNull(7) ? null : reader.GetString(7),
        RecordId = reader.IsDBNull(8) ? null : reader.GetString(8),
        Version = reader.IsDBNull(9) ? null : reader.GetString(9),
        Priority = (CallPriority)reader.GetInt32(10),
        Attempt = reader.GetInt32(11),
        Deaths = reader.GetInt32(12),
        ReceivedAt = new DateTimeOffset(reader.GetInt64(13), TimeSpan.Zero),
        Full = reader.GetBoolean(14),
        ReplayOf = reader.IsDBNull(15) ? null : reader.GetInt64(15),
        Waiting = waiting,
        Holds = reader.GetInt32(16) == 1,
    };

    private Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) => database.ReadAsync(
        async session =>
        {
            DateTimeOffset? next = null;
            await QueryAsync(
                session,
                "SELECT MIN(due) FROM (SELECT MIN(due_at) AS due FROM event WHERE state = 2 UNION ALL SELECT MIN(due_at) FROM planned_event) d",
                reader => next = reader.IsDBNull(0) ? null : new DateTimeOffset(reader.GetInt64(0), TimeSpan.Zero),
                cancellationToken).ConfigureAwait(false);
            return next;
        },
        cancellationToken);
}

using System.Collections.Concurrent;

namespace WorkflowEngine.Storage;

/// <summary>
/// The statements that keep the inbox. Of a key exactly one row is its head: ready (0) or delayed (2); all others wait (1), so that the ready index holds only what can
/// run. The head is the oldest row, or the row with <c>hold = 1</c>: an event that was delayed or checkpointed goes on before anything else of its key.
/// <c>IS TRUE</c> beside an id: else PostgreSQL may take an index that begins with the workspace and walk all of it.
/// </summary>
internal static class EventStatements
{
    private const string SameKey = "workspace_id = v.workspace_id AND {0}.deployment_id = v.deployment_id AND {0}.key = v.key";

    // One object for one text: sessions know a statement by its object.
    private static readonly ConcurrentDictionary<string, RowStatement> HeadLocks = new(StringComparer.Ordinal);

    private static readonly string Oldest = $"(SELECT MIN(a.id) FROM event a WHERE a.{Of("a")})";

    private static readonly string Head = $"COALESCE((SELECT MIN(h.id) FROM event h WHERE h.{Of("h")} AND h.hold = 1), {Oldest})";

    private const string Into =
        """
        INSERT INTO event (id, workspace_id, deployment_id, lane, key, state, hold, rank, priority, trigger_id, kind, entity, record_id, version,
            attempt, deaths, due_at, received_at, is_full, replay_of, payload)
        """;

    private static readonly string Inserted =
        $"""
        v.id, v.workspace_id, v.deployment_id, v.lane, v.key,
            CASE WHEN v.due_at IS NOT NULL THEN 2 WHEN v.later = 1 OR EXISTS (SELECT 1 FROM event e WHERE e.{Of("e")}) THEN 1 ELSE 0 END,
            CASE WHEN v.due_at IS NOT NULL THEN 1 ELSE 0 END, v.priority, v.priority, v.trigger_id, v.kind, v.entity, v.record_id, v.version, 0, 0, v.due_at, v.received_at, v.is_full, v.replay_of, v.payload
        """;

    /// <summary>The head of its key takes the highest priority that waits.</summary>
    private const string MakeReady =
        """
        UPDATE event SET state = 0,
            rank = (SELECT MIN(q.priority) FROM event q WHERE q.workspace_id = event.workspace_id AND q.deployment_id = event.deployment_id AND q.key = event.key)
        """;

    /// <summary>Answers the head of each key, locked: an append and a settlement of one key on two nodes must see each other.</summary>
    public static RowStatement LockHeads(string forUpdate) => HeadLocks.GetOrAdd(forUpdate, static forUpdate => new RowStatement(
        $"SELECT e.id FROM (SELECT {Head} AS head FROM {{rows}}) n JOIN event e ON e.id = n.head ORDER BY e.id {forUpdate}",
        KeyColumns));

    /// <summary><c>later</c>: an earlier row of the same list has the key.</summary>
    public static readonly RowStatement Insert = new(
        $"{Into} SELECT {Inserted} FROM {{rows}} WHERE true RETURNING id, state",
        RowStatement.Long("id"), RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"), RowStatement.Int("lane"), RowStatement.Text("key"),
        RowStatement.Int("later"), RowStatement.Int("priority"), RowStatement.Text("trigger_id"), RowStatement.Int("kind"), RowStatement.Text("entity"),
        RowStatement.Text("record_id"), RowStatement.Text("version"), RowStatement.Long("due_at"), RowStatement.Long("received_at"), RowStatement.Bool("is_full"),
        RowStatement.Long("replay_of"), RowStatement.Bytes("payload")) { One = $"{Into} VALUES ({Inserted}) RETURNING id, state" };

    /// <summary>The head inherits the highest priority waiting behind it.</summary>
    public static readonly RowStatement Inherit = new(
        $"UPDATE event SET rank = n.priority FROM (SELECT v.priority AS priority, {Head} AS head FROM {{rows}}) AS n WHERE event.id = n.head AND event.rank > n.priority",
        [.. KeyColumns, RowStatement.Int("priority")]) { One = $"UPDATE event SET rank = v.priority WHERE event.id = {Head} AND event.rank > v.priority" };

    public static readonly RowStatement Delay = new(
        """
        UPDATE event SET state = 2, hold = 1, due_at = v.due_at, attempt = v.attempt, reason = v.reason, claimed_by = NULL
        FROM {rows} WHERE event.id = v.id AND (event.workspace_id = v.workspace_id) IS TRUE
        """,
        RowStatement.Text("workspace_id"), RowStatement.Long("id"), RowStatement.Long("due_at"), RowStatement.Int("attempt"), RowStatement.Text("reason"));

    /// <summary>A checkpointed event that is the head of its key stays it; its place in the ready index is not touched.</summary>
    public static readonly RowStatement HoldHead = new(
        "UPDATE event SET hold = 1 FROM {rows} WHERE event.id = v.id AND (event.workspace_id = v.workspace_id) IS TRUE AND event.hold = 0 AND event.state <> 1",
        RowStatement.Text("workspace_id"), RowStatement.Long("id"));

    /// <summary>One that waits (it was newer than the head and ran in its place) becomes the head.</summary>
    public static readonly RowStatement HoldWaiting = new(
        $"{MakeReady}, hold = 1 FROM {{rows}} WHERE event.id = v.id AND (event.workspace_id = v.workspace_id) IS TRUE AND event.hold = 0 AND event.state = 1 RETURNING event.id",
        RowStatement.Text("workspace_id"), RowStatement.Long("id"));

    /// <summary>
    /// The oldest row of a key steps back behind the event that holds it. Not written as <c>state = 0</c>: PostgreSQL would take the ready index for it and walk it whole for every row.
    /// </summary>
    public static readonly RowStatement StepBack = new(
        $"""
        UPDATE event SET state = 1
        FROM (SELECT v.id AS holder, {Oldest} AS oldest FROM {"{rows}"}) AS n
        WHERE event.id = n.oldest AND event.id <> n.holder AND event.state NOT IN (1, 2)
        """,
        [.. KeyColumns, RowStatement.Long("id")]) { One = $"UPDATE event SET state = 1 WHERE event.id = {Oldest} AND event.id <> v.id AND event.state NOT IN (1, 2)" };

    public static readonly RowStatement Claim = new(
        "UPDATE event SET claimed_by = v.owner FROM {rows} WHERE event.id = v.id",
        RowStatement.Long("id"), RowStatement.Long("owner"));

    /// <summary>A process that ends cleanly was not killed by what it had in flight.</summary>
    public static readonly RowStatement Unclaim = new(
        "UPDATE event SET claimed_by = NULL FROM {rows} WHERE event.claimed_by = v.owner",
        RowStatement.Long("owner"));

    public static readonly RowStatement Remove = new(
        "DELETE FROM event WHERE id IN (SELECT e.id FROM {rows}, event e WHERE e.id = v.id AND (e.workspace_id = v.workspace_id) IS TRUE)",
        RowStatement.Text("workspace_id"), RowStatement.Long("id")) { One = "DELETE FROM event WHERE event.id = v.id AND event.workspace_id = v.workspace_id" };

    public static readonly RowStatement RemoveCheckpoint = new(
        "DELETE FROM checkpoint WHERE (workspace_id, event_id) IN (SELECT v.workspace_id, v.id FROM {rows})",
        RowStatement.Text("workspace_id"), RowStatement.Long("id")) { One = "DELETE FROM checkpoint WHERE checkpoint.workspace_id = v.workspace_id AND checkpoint.event_id = v.id" };

    /// <summary>The next row of a key becomes its head.</summary>
    public static readonly RowStatement Promote = new(
        $"{MakeReady} FROM (SELECT {Head} AS head FROM {{rows}}) AS n WHERE event.id = n.head AND event.state = 1",
        KeyColumns) { One = $"{MakeReady} WHERE event.id = {Head} AND event.state = 1" };

    public static readonly RowStatement Checkpoint = new(
        """
        INSERT INTO checkpoint (workspace_id, event_id, state)
        SELECT v.workspace_id, v.id, v.state FROM {rows} WHERE EXISTS (SELECT 1 FROM event e WHERE e.id = v.id AND (e.workspace_id = v.workspace_id) IS TRUE)
        ON CONFLICT (workspace_id, event_id) DO UPDATE SET state = excluded.state
        """,
        RowStatement.Text("workspace_id"), RowStatement.Long("id"), RowStatement.Bytes("state"));

    private static Column[] KeyColumns => [RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"), RowStatement.Text("key")];

    private static string Of(string alias) => string.Format(System.Globalization.CultureInfo.InvariantCulture, SameKey, alias);
}

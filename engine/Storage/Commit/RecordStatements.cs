namespace WorkflowEngine.Storage;

/// <summary>Statements of everything that is simply kept: memory, cursors, dead letters, runs, effects, journal, incidents.</summary>
internal static class RecordStatements
{
    public static readonly RowStatement SaveKeyState = new(
        """
        INSERT INTO key_state (workspace_id, deployment_id, key, memory) SELECT v.workspace_id, v.deployment_id, v.key, v.memory FROM {rows} WHERE true
        ON CONFLICT (workspace_id, deployment_id, key) DO UPDATE SET memory = excluded.memory
        """,
        RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"), RowStatement.Text("key"), RowStatement.Bytes("memory"));

    public static readonly RowStatement ReadKeyStates = new(
        """
        SELECT v.n, k.memory FROM {rows}, key_state k WHERE k.workspace_id = v.workspace_id AND k.deployment_id = v.deployment_id AND k.key = v.key
        """,
        RowStatement.Int("n"), RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"), RowStatement.Text("key"));

    public static readonly RowStatement SaveCursor = new(
        """
        INSERT INTO cursor (workspace_id, realm, feed, scope, token, high_water, saved_at)
        SELECT v.workspace_id, v.realm, v.feed, v.scope, v.token, v.high_water, v.saved_at FROM {rows} WHERE true
        ON CONFLICT (workspace_id, realm, feed, scope) DO UPDATE SET token = excluded.token, high_water = excluded.high_water, saved_at = excluded.saved_at
        """,
        RowStatement.Text("workspace_id"), RowStatement.Text("realm"), RowStatement.Text("feed"), RowStatement.Text("scope"), RowStatement.Text("token"),
        RowStatement.Long("high_water"), RowStatement.Long("saved_at"));

    public static readonly RowStatement AddDeadLetter = Insert(
        "dead_letter",
        RowStatement.Long("id"), RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"), RowStatement.Text("flow_hash"), RowStatement.Text("trigger_id"),
        RowStatement.Int("kind"), RowStatement.Text("key"), RowStatement.Text("entity"), RowStatement.Text("record_id"), RowStatement.Text("version"),
        RowStatement.Bool("is_full"), RowStatement.Text("run_id"), RowStatement.Text("step"), RowStatement.Text("place"), RowStatement.Int("error_kind"),
        RowStatement.Text("code"), RowStatement.Text("message"), RowStatement.Text("fingerprint"), RowStatement.Text("attempts"), RowStatement.Long("failed_at"),
        RowStatement.Long("received_at"), RowStatement.Int("priority"), RowStatement.Int("state"), RowStatement.Bytes("payload"), RowStatement.Bytes("run_state"));

    /// <summary><c>below</c>: a letter added later in the same transaction stays open.</summary>
    public static readonly RowStatement CloseDeadLettersOfKey = new(
        """
        UPDATE dead_letter SET state = v.new_state, note = v.note, closed_at = v.closed_at FROM {rows}
        WHERE dead_letter.workspace_id = v.workspace_id AND dead_letter.deployment_id = v.deployment_id AND dead_letter.key = v.key
            AND dead_letter.state = 0 AND dead_letter.id < v.below
        """,
        RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"), RowStatement.Text("key"), RowStatement.Long("below"), RowStatement.Int("new_state"),
        RowStatement.Text("note"), RowStatement.Long("closed_at"));

    public static readonly RowStatement CloseDeadLetter = new(
        """
        UPDATE dead_letter SET state = v.new_state, note = v.note, closed_at = v.closed_at FROM {rows}
        WHERE dead_letter.id = v.id AND dead_letter.workspace_id = v.workspace_id AND dead_letter.deployment_id = v.deployment_id AND dead_letter.state = 0
        """,
        RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"), RowStatement.Long("id"), RowStatement.Int("new_state"), RowStatement.Text("note"),
        RowStatement.Long("closed_at"));

    public static readonly RowStatement AddRun = Insert(
        "run",
        RowStatement.Text("workspace_id"), RowStatement.Text("id"), RowStatement.Guid("deployment_id"), RowStatement.Text("flow_hash"), RowStatement.Long("event_id"),
        RowStatement.Text("trigger_id"), RowStatement.Text("key"), RowStatement.Text("record_id"), RowStatement.Int("outcome"), RowStatement.Text("text"),
        RowStatement.Long("accepted_at"), RowStatement.Long("started_at"), RowStatement.Long("ended_at"), RowStatement.Int("attempts"), RowStatement.Int("effects"),
        RowStatement.Int("priority"), RowStatement.Long("replay_of"));

    public static readonly RowStatement AddEffect = Insert(
        "effect",
        RowStatement.Long("id"), RowStatement.Text("workspace_id"), RowStatement.Text("realm"), RowStatement.Text("entity"), RowStatement.Text("record_id"),
        RowStatement.Text("run_id"), RowStatement.Text("step"), RowStatement.Text("verb"), RowStatement.Text("fields"), RowStatement.Long("written_at"));

    public static readonly RowStatement AddJournalBlock = Insert(
        "journal_block",
        RowStatement.Long("id"), RowStatement.Text("workspace_id"), RowStatement.Long("written_at"), RowStatement.Int("raw_length"), RowStatement.Bytes("content"));

    public static readonly RowStatement AddJournalEntry = Insert(
        "journal_entry",
        RowStatement.Text("workspace_id"), RowStatement.Text("run_id"), RowStatement.Long("block_id"), RowStatement.Int("block_offset"), RowStatement.Int("block_length"));

    public static readonly RowStatement CountIncident = new(
        """
        UPDATE incident SET seen_count = seen_count + 1, last_seen = v.seen, message = v.message FROM {rows}
        WHERE incident.workspace_id = v.workspace_id AND incident.deployment_id = v.deployment_id AND incident.fingerprint = v.fingerprint AND incident.recovered_at IS NULL
        """,
        [.. IncidentColumns, RowStatement.Text("message"), RowStatement.Long("seen")]);

    public static readonly RowStatement OpenIncident = new(
        """
        INSERT INTO incident (id, workspace_id, deployment_id, fingerprint, message, seen_count, first_seen, last_seen)
        SELECT v.id, v.workspace_id, v.deployment_id, v.fingerprint, v.message, 1, v.seen, v.seen FROM {rows}
        """,
        [.. IncidentColumns, RowStatement.Text("message"), RowStatement.Long("seen"), RowStatement.Long("id")]);

    public static readonly RowStatement RecoverIncident = new(
        """
        UPDATE incident SET recovered_at = v.seen FROM {rows}
        WHERE incident.workspace_id = v.workspace_id AND incident.deployment_id = v.deployment_id AND incident.fingerprint = v.fingerprint AND incident.recovered_at IS NULL
        """,
        [.. IncidentColumns, RowStatement.Long("seen")]);

    public static readonly RowStatement SaveDeploymentState = new(
        """
        UPDATE deployment SET state = v.new_state, paused_because = v.because, state_revision = deployment.state_revision + 1 FROM {rows}
        WHERE deployment.workspace_id = v.workspace_id AND deployment.id = v.deployment_id
        """,
        RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"), RowStatement.Int("new_state"), RowStatement.Text("because"));

    private static Column[] IncidentColumns => [RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"), RowStatement.Text("fingerprint")];

    private static RowStatement Insert(string table, params Column[] columns)
    {
        var names = columns.Select(column => column.Name).ToList();
        return new RowStatement(
            $"INSERT INTO {table} ({string.Join(", ", names)}) SELECT {string.Join(", ", names.Select(name => "v." + name))} FROM {{rows}}", columns);
    }
}

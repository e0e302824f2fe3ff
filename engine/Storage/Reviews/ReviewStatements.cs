namespace WorkflowEngine.Storage;

internal static class ReviewStatements
{
    public static readonly RowStatement Open = new(
        """
        INSERT INTO review (workspace_id, id, deployment_id, kind, event_id, key, run_id, step, place, entity, message, opened_at, decision, content)
        SELECT v.workspace_id, v.id, v.deployment_id, v.kind, v.event_id, v.key, v.run_id, v.step, v.place, v.entity, v.message, v.opened_at, 0, v.content FROM {rows} WHERE true
        ON CONFLICT (workspace_id, id) DO NOTHING
        """,
        RowStatement.Text("workspace_id"), RowStatement.Text("id"), RowStatement.Guid("deployment_id"), RowStatement.Int("kind"), RowStatement.Long("event_id"), RowStatement.Text("key"),
        RowStatement.Text("run_id"), RowStatement.Text("step"), RowStatement.Text("place"), RowStatement.Text("entity"), RowStatement.Text("message"), RowStatement.Long("opened_at"),
        RowStatement.Bytes("content"));

    /// <summary>The first decision counts.</summary>
    public static readonly RowStatement Decide = new(
        """
        UPDATE review SET decision = v.new_decision, record_id = v.new_record, comment = v.new_comment, decided_by = v.who, decided_at = v.decided FROM {rows}
        WHERE review.workspace_id = v.workspace_id AND review.id = v.id AND review.decision = 0
        """,
        RowStatement.Text("workspace_id"), RowStatement.Text("id"), RowStatement.Int("new_decision"), RowStatement.Text("new_record"), RowStatement.Text("new_comment"), RowStatement.Text("who"),
        RowStatement.Long("decided"));
}

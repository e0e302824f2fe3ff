using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal static class BulkJobStatements
{
    public static readonly RowStatement Save = new(
        """
        INSERT INTO bulk_job (workspace_id, wave, connection, job, entity, row_count, state, made_at)
        SELECT v.workspace_id, v.wave, v.connection, v.job, v.entity, v.row_count, v.state, v.made_at FROM {rows} WHERE true
        ON CONFLICT (workspace_id, wave) DO UPDATE SET job = excluded.job, state = excluded.state
        """,
        RowStatement.Text("workspace_id"), RowStatement.Text("wave"), RowStatement.Text("connection"), RowStatement.Text("job"), RowStatement.Text("entity"), RowStatement.Int("row_count"),
        RowStatement.Int("state"), RowStatement.Long("made_at"));

    public static object?[] Row(BulkJob j) => [j.Workspace, j.Wave, j.Connection, j.Job, j.Entity, j.Rows, (int)j.State, j.MadeAt.UtcTicks];
}

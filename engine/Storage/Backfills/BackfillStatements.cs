using System.Text.Json;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal static class BackfillStatements
{
    /// <summary>One that has ended stays as it is: a page that was under way must not open it again.</summary>
    public static readonly RowStatement Save = new(
        """
        INSERT INTO backfill (workspace_id, id, deployment_id, trigger_id, entity, way, feed, from_at, records, token, high_water, state, total, rows_read, accepted, problem, started_by, started_at, ended_at)
        SELECT v.workspace_id, v.id, v.deployment_id, v.trigger_id, v.entity, v.way, v.feed, v.from_at, v.records, v.token, v.high_water, v.state, v.total, v.rows_read, v.accepted, v.problem, v.started_by,
            v.started_at, v.ended_at FROM {rows} WHERE true
        ON CONFLICT (workspace_id, id) DO UPDATE SET token = excluded.token, high_water = excluded.high_water, state = excluded.state, total = excluded.total, rows_read = excluded.rows_read,
            accepted = excluded.accepted, problem = excluded.problem, ended_at = excluded.ended_at
        WHERE backfill.state < 2
        """,
        RowStatement.Text("workspace_id"), RowStatement.Text("id"), RowStatement.Guid("deployment_id"), RowStatement.Text("trigger_id"), RowStatement.Text("entity"), RowStatement.Int("way"),
        RowStatement.Text("feed"), RowStatement.Long("from_at"), RowStatement.Text("records"), RowStatement.Text("token"), RowStatement.Long("high_water"), RowStatement.Int("state"),
        RowStatement.Long("total"), RowStatement.Long("rows_read"), RowStatement.Long("accepted"), RowStatement.Text("problem"), RowStatement.Text("started_by"), RowStatement.Long("started_at"),
        RowStatement.Long("ended_at"));

    public static object?[] Row(Backfill b) =>
    [
        b.Deployment.Workspace, b.Id, b.Deployment.Id, b.Trigger, b.Entity, (int)b.By, b.Feed, b.From?.UtcTicks, JsonSerializer.Serialize(b.Records), b.Token, b.HighWater?.UtcTicks, (int)b.State,
        b.Total, b.Read, b.Accepted, b.Problem, b.StartedBy, b.StartedAt.UtcTicks, b.EndedAt?.UtcTicks,
    ];
}

namespace WorkflowEngine.Storage;

/// <summary>What counts as the same event: deliveries of the last seven days, and the newest content of each record.</summary>
internal static class SameEventStatements
{
    public static readonly RowStatement ReadDeliveries = new(
        """
        SELECT v.n, d.received_at FROM {rows}, delivery d WHERE d.workspace_id = v.workspace_id AND d.deployment_id = v.deployment_id AND d.trigger_id = v.trigger_id AND d.delivery_id = v.delivery_id
        """,
        [RowStatement.Int("n"), .. DeliveryColumns]);

    /// <summary>Without ON CONFLICT: of two nodes that take one delivery, one must fail and look again.</summary>
    public static readonly RowStatement AddDelivery = new(
        """
        INSERT INTO delivery (workspace_id, deployment_id, trigger_id, delivery_id, received_at)
        SELECT v.workspace_id, v.deployment_id, v.trigger_id, v.delivery_id, v.received_at FROM {rows}
        """,
        [.. DeliveryColumns, RowStatement.Long("received_at")]);

    public static readonly RowStatement RenewDelivery = new(
        """
        UPDATE delivery SET received_at = v.received_at FROM {rows}
        WHERE delivery.workspace_id = v.workspace_id AND delivery.deployment_id = v.deployment_id AND delivery.trigger_id = v.trigger_id AND delivery.delivery_id = v.delivery_id
        """,
        [.. DeliveryColumns, RowStatement.Long("received_at")]);

    public static readonly RowStatement PruneDeliveries = new(
        "DELETE FROM delivery WHERE received_at <= (SELECT MAX(v.until) FROM {rows})",
        RowStatement.Long("until"));

    public static readonly RowStatement ReadNewest = new(
        """
        SELECT v.n, c.content_hash, c.version FROM {rows}, newest_change c WHERE c.workspace_id = v.workspace_id AND c.deployment_id = v.deployment_id AND c.trigger_id = v.trigger_id AND c.entity = v.entity AND c.record_id = v.record_id
        """,
        [RowStatement.Int("n"), .. RecordColumns]);

    public static readonly RowStatement SaveNewest = new(
        """
        INSERT INTO newest_change (workspace_id, deployment_id, trigger_id, entity, record_id, content_hash, version)
        SELECT v.workspace_id, v.deployment_id, v.trigger_id, v.entity, v.record_id, v.content_hash, v.version FROM {rows} WHERE true
        ON CONFLICT (workspace_id, deployment_id, trigger_id, entity, record_id) DO UPDATE SET content_hash = excluded.content_hash, version = excluded.version
        """,
        [.. RecordColumns, RowStatement.Text("content_hash"), RowStatement.Text("version")]);

    private static Column[] DeliveryColumns =>
        [RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"), RowStatement.Text("trigger_id"), RowStatement.Text("delivery_id")];

    private static Column[] RecordColumns =>
    [
        RowStatement.Text("workspace_id"), RowStatement.Guid("deployment_id"), RowStatement.Text("trigger_id"), RowStatement.Text("entity"), RowStatement.Text("record_id"),
    ];
}

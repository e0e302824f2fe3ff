using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

/// <summary>Decides, for the events of one transaction in their order, which are the same event as one accepted before.</summary>
internal sealed class SameEvents(IStoreDialect dialect)
{
    /// <summary>Vendors repeat a delivery for hours or a few days; after a week its id may be forgotten.</summary>
    public static readonly TimeSpan DeliveryMemory = TimeSpan.FromDays(7);

    private readonly Dictionary<DeliveryKey, long> _deliveries = [];
    private readonly Dictionary<DeliveryKey, long> _freshDeliveries = [];
    private readonly Dictionary<DeliveryKey, long> _renewedDeliveries = [];
    private readonly Dictionary<RecordKey, Content> _newest = [];
    private readonly Dictionary<RecordKey, Content> _changedNewest = [];

    public async Task LoadAsync(StoreSession session, IEnumerable<NewEvent> events, CancellationToken cancellationToken)
    {
        var deliveries = new List<DeliveryKey>();
        var records = new List<RecordKey>();
        foreach (var item in events)
        {
            if (DeliveryOf(item) is { } delivery) deliveries.Add(delivery);
            if (RecordOf(item) is { } record) records.Add(record);
        }

        deliveries = [.. deliveries.Distinct()];
        records = [.. records.Distinct()];
        if (deliveries.Count > 0)
        {
            await dialect.SendAsync(
                session,
                SameEventStatements.ReadDeliveries,
                [.. deliveries.Select((key, n) => new object?[] { n, key.Deployment.Workspace, key.Deployment.Id, key.Trigger, key.Delivery })],
                reader => _deliveries[deliveries[reader.GetInt32(0)]] = reader.GetInt64(1),
                cancellationToken).ConfigureAwait(false);
        }

        if (records.Count > 0)
        {
            await dialect.SendAsync(
                session,
                SameEventStatements.ReadNewest,
                [.. records.Select((key, n) => new object?[] { n, key.Deployment.Workspace, key.Deployment.Id, key.Trigger, key.Entity, key.Record })],
                reader => _newest[records[reader.GetInt32(0)]] = new Content(reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2)),
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>True = drop it. False = it is remembered from now on.</summary>
    public bool Drops(NewEvent item)
    {
        if (DeliveryOf(item) is { } delivery)
        {
            var now = item.ReceivedAt.UtcTicks;
            if (_deliveries.TryGetValue(delivery, out var before) && now - before < DeliveryMemory.Ticks) return true;
            if (_deliveries.ContainsKey(delivery) && !_freshDeliveries.ContainsKey(delivery)) _renewedDeliveries[delivery] = now;
            else _freshDeliveries[delivery] = now;
            _deliveries[delivery] = now;
        }

        if (RecordOf(item) is { } record)
        {
            var content = new Content(item.ContentHash!, item.Version);
            if (_newest.TryGetValue(record, out var newest) && newest == content) return true;
            _newest[record] = content;
            _changedNewest[record] = content;
        }

        return false;
    }

    public async Task WriteAsync(StoreSession session, CancellationToken cancellationToken)
    {
        await dialect.SendAsync(session, SameEventStatements.AddDelivery, DeliveryRows(_freshDeliveries), null, cancellationToken).ConfigureAwait(false);
        await dialect.SendAsync(session, SameEventStatements.RenewDelivery, DeliveryRows(_renewedDeliveries), null, cancellationToken).ConfigureAwait(false);
        await dialect.SendAsync(
            session,
            SameEventStatements.SaveNewest,
            [.. _changedNewest.Select(pair => new object?[]
            {
                pair.Key.Deployment.Workspace, pair.Key.Deployment.Id, pair.Key.Trigger, pair.Key.Entity, pair.Key.Record, pair.Value.Hash, pair.Value.Version,
            })],
            null,
            cancellationToken).ConfigureAwait(false);
    }

    private static List<object?[]> DeliveryRows(Dictionary<DeliveryKey, long> deliveries) =>
        [.. deliveries.Select(pair => new object?[] { pair.Key.Deployment.Workspace, pair.Key.Deployment.Id, pair.Key.Trigger, pair.Key.Delivery, pair.Value })];

    // The store cleans texts; keys are compared as it keeps them.
    private static DeliveryKey? DeliveryOf(NewEvent item) => item is { Kind: EventKind.Delivery or EventKind.Replay, DeliveryId: { } id }
        ? new DeliveryKey(item.Deployment, StoreText.Clean(item.Trigger), StoreText.Clean(id))
        : null;

    private static RecordKey? RecordOf(NewEvent item) => item is { Kind: EventKind.Change, Compared: { } entity, RecordId: { } record, ContentHash: not null }
        ? new RecordKey(item.Deployment, StoreText.Clean(item.Trigger), StoreText.Clean(entity), StoreText.Clean(record))
        : null;

    private readonly record struct DeliveryKey(DeploymentRef Deployment, string Trigger, string Delivery);

    private readonly record struct RecordKey(DeploymentRef Deployment, string Trigger, string Entity, string Record);

    private readonly record struct Content(string Hash, string? Version);
}

using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage.Tests;

/// <summary>What all contract suites share: a fresh database per test and short words for events and changes.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    protected static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    protected static readonly DeploymentRef Deployment = new("default", new Guid("11111111-1111-1111-1111-111111111111"));
    protected static readonly DeploymentRef Other = new("other", new Guid("11111111-1111-1111-1111-111111111111"));
    protected static readonly IReadOnlyList<int> AllLanes = [.. Enumerable.Range(0, Lane.Count)];

    protected StoreFixture Fixture { get; private set; } = null!;

    protected EngineStores Stores => Fixture.Stores;

    protected static CancellationToken None => CancellationToken.None;

    public async ValueTask InitializeAsync() => Fixture = await MakeFixtureAsync();

    public async ValueTask DisposeAsync()
    {
        if (Fixture is not null) await Fixture.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<StoreFixture> MakeFixtureAsync();

    protected static EventKey Key(string key, DeploymentRef? deployment = null) => new(deployment ?? Deployment, key);

    protected static NewEvent Event(string key, string payload = "payload", DeploymentRef? deployment = null) => new()
    {
        Deployment = deployment ?? Deployment,
        Trigger = "changed",
        Kind = EventKind.Manual,
        Key = key,
        Lane = Lane.Of((deployment ?? Deployment).Workspace, (deployment ?? Deployment).Id, key),
        Payload = Encoding.UTF8.GetBytes(payload),
        Full = true,
        Priority = CallPriority.Live,
        ReceivedAt = Noon,
    };

    protected static NewEvent Change(string record, string hash) => Event(record) with { Kind = EventKind.Change, Entity = "Customer", RecordId = record, ContentHash = hash };

    protected static NewEvent Delivery(string id) => Event("k") with { Kind = EventKind.Delivery, DeliveryId = id };

    protected Task<IReadOnlyList<ChangeSetResult>> CommitAllAsync(params ChangeSet[] sets) => Stores.Writer.CommitAsync(sets, None);

    protected static ChangeSet Set(params StoreChange[] changes) => new(changes);

    protected async Task<ChangeSetResult> CommitAsync(params StoreChange[] changes) => (await CommitAllAsync(Set(changes)))[0];

    /// <summary>Accepts events; answers their ids.</summary>
    protected async Task<long[]> AcceptAsync(params NewEvent[] events) => [.. (await CommitAsync(new AppendEvents(events))).EventIds.Select(id => id!.Value)];

    protected async Task<IReadOnlyList<ReadyEvent>> ReadyAsync(DeploymentRef? deployment = null, InFlight? inFlight = null, int limit = 100) =>
        await Stores.Inbox.ReadReadyAsync(deployment ?? Deployment, AllLanes, inFlight ?? InFlight.None, limit, None);

    protected async Task<long[]> ReadyIdsAsync(InFlight? inFlight = null, int limit = 100) => [.. (await ReadyAsync(null, inFlight, limit)).Select(item => item.Id)];
}

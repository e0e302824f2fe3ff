using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>A process's connection to a fake vendor.</summary>
public sealed class FakeConnection(FakeVendor vendor, FakeProcess process, string realm, int most = 200) : IConnection
{
    /// <summary>Pages a feed gives, in order; an empty page when none is left.</summary>
    public Queue<SourcePage> Pages { get; } = new();

    /// <summary>Where the feed was asked from, in order.</summary>
    public List<SourceCursor> Polled { get; } = [];

    /// <summary>The realm's budget, which every call passes as in a real connector; null = none.</summary>
    public RealmGate? Gate { get; init; }

    /// <summary>The next polls fail with these.</summary>
    public Queue<OperationError> PollErrors { get; } = new();

    public Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<ConnectionInfo>>(new ConnectionInfo(realm, new RealmBudget()));

    public int MostItems(string entity, BatchKind kind) => most;

    public async Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken)
    {
        if (await EnterAsync("read", batch.Entity).ConfigureAwait(false) is { } refused) return BatchAnswer<ReadRows>.Failed(refused);
        if (vendor.Enter("read", batch.Entity, batch.Conditions.Count, out _) is { } error) return BatchAnswer<ReadRows>.Failed(error);
        var items = new Outcome<ReadRows>[batch.Conditions.Count];
        for (var i = 0; i < items.Length; i++) items[i] = vendor.Read(batch.Entity, batch.Conditions[i], batch.RowCap);
        await process.AliveAsync().ConfigureAwait(false);
        return new BatchAnswer<ReadRows> { Items = items };
    }

    public async Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        var what = batch.Verb.ToString().ToLowerInvariant();
        if (await EnterAsync(what, batch.Entity).ConfigureAwait(false) is { } refused) return BatchAnswer<WriteResult>.Failed(refused);
        if (vendor.Enter(what, batch.Entity, batch.Items.Count, out var fault) is { } error) return BatchAnswer<WriteResult>.Failed(error);
        var items = new Outcome<WriteResult>[batch.Items.Count];
        for (var i = 0; i < items.Length; i++) items[i] = vendor.Write(batch.Entity, batch.Verb, batch.KeyField, batch.Items[i]);
        await process.AliveAsync().ConfigureAwait(false);
        return fault == FakeFault.LostAnswer
            ? BatchAnswer<WriteResult>.Failed(new OperationError(ErrorKind.UnknownOutcome, "timeout", "No answer."))
            : new BatchAnswer<WriteResult> { Items = items };
    }

    public async Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken)
    {
        if (await EnterAsync("call", batch.Operation).ConfigureAwait(false) is { } refused) return BatchAnswer<IReadOnlyDictionary<string, object?>>.Failed(refused);
        if (vendor.Enter("call", batch.Operation, batch.Items.Count, out _) is { } error) return BatchAnswer<IReadOnlyDictionary<string, object?>>.Failed(error);
        return new BatchAnswer<IReadOnlyDictionary<string, object?>> { Items = [.. batch.Items.Select(i => Outcome<IReadOnlyDictionary<string, object?>>.Of(i))] };
    }

    public async Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken)
    {
        await process.AliveAsync().ConfigureAwait(false);
        lock (Pages)
        {
            Polled.Add(request.Cursor);
            if (request.Priority == CallPriority.Backfill)
            {
                return vendor.Past.TryDequeue(out var past) ? past : new OperationError(ErrorKind.Transient, "503", "Not now.") { RetryAfter = TimeSpan.FromSeconds(1), NotExecuted = true };
            }

            if (PollErrors.TryDequeue(out var error)) return error;
            return Pages.TryDequeue(out var page) ? page : new SourcePage { Rows = [], Cursor = request.Cursor };
        }
    }

    public Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<EntityDescriptor>>(vendor.Entities.First(e => e.Descriptor.Name == entity).Descriptor);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<OperationError?> EnterAsync(string what, string entity)
    {
        await process.AliveAsync().ConfigureAwait(false);
        if (vendor.Before is { } before) await before(what, entity).ConfigureAwait(false);
        await process.AliveAsync().ConfigureAwait(false);
        if (Gate is null) return null;
        vendor.Asked(process);
        var refused = await Gate.EnterAsync(CallPriority.Live, CancellationToken.None).ConfigureAwait(false);
        await process.AliveAsync().ConfigureAwait(false);
        if (refused is null) vendor.Came(process);
        return refused;
    }
}

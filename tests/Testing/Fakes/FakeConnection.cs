using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>A process's connection to a fake vendor.</summary>
public sealed class FakeConnection(FakeVendor vendor, FakeProcess process, string realm, int most = 200) : IConnection
{
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(2);

    /// <summary>Pages a feed gives, in order; an empty page when none is left.</summary>
    public Queue<SourcePage> Pages { get; } = new();

    /// <summary>Where the feed was asked from, in order.</summary>
    public List<SourceCursor> Polled { get; } = [];

    /// <summary>The realm's budget, which every call passes as in a real connector, and the clock its waits pass on; null = none.</summary>
    public (RealmGate Gate, TimeProvider Passing)? Budget { get; init; }

    /// <summary>The next polls fail with these.</summary>
    public Queue<OperationError> PollErrors { get; } = new();

    public Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<ConnectionInfo>>(new ConnectionInfo(realm, new RealmBudget()));

    public IBulkWrites? BulkWrites => vendor.Jobs.LeastRows is null ? null : new FakeBulkWrites(vendor, process);

    public IBulkReads? BulkReads => vendor.Jobs.Reads ? new FakeBulkReads(vendor, process) : null;

    /// <summary>Only the number of records is summed.</summary>
    public Task<BatchAnswer<ReadRows>> AggregateAsync(AggregateBatch batch, CancellationToken cancellationToken) => vendor.Jobs.Counts is not { } counts
        ? Task.FromResult(BatchAnswer<ReadRows>.Failed(new OperationError(ErrorKind.Misconfigured, "notSupported", "No sums.") { NotExecuted = true }, 0))
        : Task.FromResult(new BatchAnswer<ReadRows> { Items = [.. batch.Conditions.Select(_ => Outcome<ReadRows>.Of(new ReadRows([new Dictionary<string, object?> { ["count"] = counts }])))] });

    public int MostItems(string entity, BatchKind kind) => most;

    public async Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken)
    {
        if (await EnterAsync("read", batch.Entity, batch.Priority).ConfigureAwait(false) is { } refused) return BatchAnswer<ReadRows>.Failed(refused);
        return await AskAsync(() =>
        {
            if (vendor.Enter("read", batch.Entity, batch.Conditions.Count, out _) is { } error) return BatchAnswer<ReadRows>.Failed(error);
            vendor.Asked.Enqueue((batch.Entity, batch.Fields));
            return new BatchAnswer<ReadRows> { Items = [.. batch.Conditions.Select(c => vendor.Read(batch.Entity, batch.Fields, c, batch.RowCap, batch.Deleted))] };
        }).ConfigureAwait(false);
    }

    public async Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        var what = batch.Verb.ToString().ToLowerInvariant();
        if (await EnterAsync(what, batch.Entity, batch.Priority).ConfigureAwait(false) is { } refused) return BatchAnswer<WriteResult>.Failed(refused);
        return await AskAsync(() =>
        {
            if (vendor.Enter(what, batch.Entity, batch.Items.Count, out var fault) is { } error) return BatchAnswer<WriteResult>.Failed(error);
            var items = batch.Items.Select(i => vendor.Write(batch.Entity, batch.Verb, batch.KeyField, i)).ToArray();
            return fault == FakeFault.LostAnswer
                ? BatchAnswer<WriteResult>.Failed(new OperationError(ErrorKind.UnknownOutcome, "timeout", "No answer."))
                : new BatchAnswer<WriteResult> { Items = items };
        }).ConfigureAwait(false);
    }

    public async Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken)
    {
        if (await EnterAsync("call", batch.Operation, batch.Priority).ConfigureAwait(false) is { } refused) return BatchAnswer<IReadOnlyDictionary<string, object?>>.Failed(refused);
        return await AskAsync(() =>
        {
            if (vendor.Enter("call", batch.Operation, batch.Items.Count, out var fault) is { } error) return BatchAnswer<IReadOnlyDictionary<string, object?>>.Failed(error);
            foreach (var with in batch.Items) vendor.Called.Enqueue((batch.Operation, with));
            var given = batch.Items.Select(i => Outcome<IReadOnlyDictionary<string, object?>>.Of(vendor.Does?.Invoke(batch.Operation, i) ?? i)).ToArray();
            return fault == FakeFault.LostAnswer
                ? BatchAnswer<IReadOnlyDictionary<string, object?>>.Failed(new OperationError(ErrorKind.UnknownOutcome, "timeout", "No answer."))
                : new BatchAnswer<IReadOnlyDictionary<string, object?>> { Items = given };
        }).ConfigureAwait(false);
    }

    public Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken) => process.DoAsync<Outcome<SourcePage>>(() =>
    {
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
    });

    public Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<EntityDescriptor>>(vendor.Entities.First(e => e.Descriptor.Name == entity).Descriptor);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The vendor does it wholly, and the process may die before it hears of it.</summary>
    private async Task<BatchAnswer<T>> AskAsync<T>(Func<BatchAnswer<T>> ask)
    {
        var answer = await process.DoAsync(ask).ConfigureAwait(false);
        await process.AliveAsync().ConfigureAwait(false);
        return answer;
    }

    private async Task<OperationError?> EnterAsync(string what, string entity, CallPriority priority)
    {
        await process.AliveAsync().ConfigureAwait(false);
        if (vendor.Before is { } before) await before(what, entity).ConfigureAwait(false);
        await process.AliveAsync().ConfigureAwait(false);
        if (Budget is not { } budget) return null;
        vendor.AskedBudget(process);
        for (var held = TimeSpan.Zero; ;)
        {
            var refused = await budget.Gate.EnterAsync(CallPriority.Live, CancellationToken.None).ConfigureAwait(false);
            await process.AliveAsync().ConfigureAwait(false);
            if (refused is null) vendor.Came(process);

            // The batcher keeps a backfill's rows in memory until the budget has room again, and nobody else would let that time pass. After two minutes it gives them back to their runs: so does this.
            if (refused?.RetryAfter is not { } later || priority != CallPriority.Backfill) return refused;
            held += later;
            if (held > LongestHold) return refused with { RetryAfter = LongestHold };
            await Task.Delay(later, budget.Passing).ConfigureAwait(false);
        }
    }
}

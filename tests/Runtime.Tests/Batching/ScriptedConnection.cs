using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime.Tests.Batching;

/// <summary>A connection whose answers a test decides call by call; it keeps what was asked.</summary>
internal sealed class ScriptedConnection : IConnection
{
    public List<ReadBatch> Reads { get; } = [];

    public List<WriteBatch> Writes { get; } = [];

    /// <summary>Answers a write; default: every row is created.</summary>
    public Func<WriteBatch, Task<BatchAnswer<WriteResult>>> OnWrite { get; set; } = batch => Task.FromResult(Created(batch));

    public Func<ReadBatch, Task<BatchAnswer<ReadRows>>> OnRead { get; set; } = batch =>
        Task.FromResult(new BatchAnswer<ReadRows> { Items = [.. batch.Conditions.Select(_ => Outcome<ReadRows>.Of(new ReadRows([])))] });

    public int Most { get; set; } = 200;

    public static BatchAnswer<WriteResult> Created(WriteBatch batch) =>
        new() { Items = [.. batch.Items.Select((item, i) => Outcome<WriteResult>.Of(new WriteResult(item.Fields.TryGetValue("name", out var name) ? $"{name}" : $"{i}", true)))] };

    public Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken) => Task.FromResult(Outcome<ConnectionInfo>.Of(new ConnectionInfo("fake:1", new RealmBudget())));

    public int MostItems(string entity, BatchKind kind) => Most;

    public Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken)
    {
        lock (Reads) Reads.Add(batch);
        return OnRead(batch);
    }

    public Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        lock (Writes) Writes.Add(batch);
        return OnWrite(batch);
    }

    public Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken) =>
        Task.FromResult(new BatchAnswer<IReadOnlyDictionary<string, object?>> { Items = [.. batch.Items.Select(i => Outcome<IReadOnlyDictionary<string, object?>>.Of(i))] });

    public Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(Outcome<SourcePage>.Of(new SourcePage { Rows = [], Cursor = request.Cursor }));

    public Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken) =>
        Task.FromResult(Outcome<EntityDescriptor>.Failed(new OperationError(ErrorKind.Misconfigured, "none", "No describe.")));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

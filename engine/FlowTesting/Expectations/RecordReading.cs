using WorkflowEngine.Abstractions;

namespace WorkflowEngine.FlowTesting;

/// <summary>Reads all records of an entity through the real connector, over a way of its own that no fault strikes.</summary>
internal sealed class RecordReading(IConnector connector, ConnectionSettings settings, IReadOnlyList<EntityDescriptor> entities, TimeProvider time) : IAsyncDisposable
{
    private const int Most = 50_000;

    private readonly IConnection _connection = connector.Connect(settings, new ConnectorContext { Time = time, Gate = new OpenGate(), Entities = entities });
    private bool _open;

    public EntityDescriptor? Entity(string name) => entities.FirstOrDefault(e => e.Name == name) ?? connector.Descriptor.Entities.FirstOrDefault(e => e.Name == name);

    public Task<Outcome<IReadOnlyList<IReadOnlyDictionary<string, object?>>>> AllAsync(EntityDescriptor entity, IReadOnlyList<string> fields, CancellationToken cancellationToken) =>
        SomeAsync(entity, fields, new AllOf([]), cancellationToken);

    /// <summary>Those that meet a condition.</summary>
    public async Task<Outcome<IReadOnlyList<IReadOnlyDictionary<string, object?>>>> SomeAsync(EntityDescriptor entity, IReadOnlyList<string> fields, Condition condition, CancellationToken cancellationToken)
    {
        if (!_open)
        {
            var opened = await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            if (!opened.Succeeded) return opened.Error;
            _open = true;
        }

        var answer = await _connection.ReadAsync(
            new ReadBatch { Entity = entity.Name, Fields = fields, Conditions = [condition], RowCap = Most, IncludeInactive = true }, cancellationToken).ConfigureAwait(false);
        if (answer.CallError is { } error) return error;
        return answer.Items[0] is { Succeeded: true } read ? Outcome<IReadOnlyList<IReadOnlyDictionary<string, object?>>>.Of(read.Value.Rows) : answer.Items[0].Error!;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private sealed class OpenGate : ICallGate
    {
        public ValueTask<OperationError?> EnterAsync(CallPriority priority, CancellationToken cancellationToken) => ValueTask.FromResult<OperationError?>(null);

        public void Observe(long used, long limit)
        {
        }

        public void Pause(TimeSpan pause)
        {
        }
    }
}

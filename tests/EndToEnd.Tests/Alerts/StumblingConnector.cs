using WorkflowEngine.Abstractions;

namespace WorkflowEngine.EndToEnd.Tests.Alerts;

/// <summary>An alert channel that breaks its promise once: it throws a cancellation nobody asked for.</summary>
internal sealed class StumblingConnector(IConnector inner) : IConnector
{
    public ConnectorDescriptor Descriptor => inner.Descriptor;

    public bool Stumbled { get; private set; }

    public IReadOnlyList<ConfigProblem> Validate(ConnectionSettings settings) => inner.Validate(settings);

    public IConnection Connect(ConnectionSettings settings, ConnectorContext context) => new Connection(this, inner.Connect(settings, context));

    private sealed class Connection(StumblingConnector owner, IConnection inner) : IConnection, IAlertChannel
    {
        public IAlertChannel Alerts => this;

        public Task<OperationError?> SendAsync(Alert alert, CancellationToken cancellationToken)
        {
            if (owner.Stumbled) return inner.Alerts!.SendAsync(alert, cancellationToken);
            owner.Stumbled = true;
            throw new OperationCanceledException("The channel gave up by itself.");
        }

        public Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

        public int MostItems(string entity, BatchKind kind) => inner.MostItems(entity, kind);

        public Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken) => inner.ReadAsync(batch, cancellationToken);

        public Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch, CancellationToken cancellationToken) => inner.WriteAsync(batch, cancellationToken);

        public Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken) => inner.CallAsync(batch, cancellationToken);

        public Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken) => inner.PollAsync(request, cancellationToken);

        public Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken) => inner.DescribeAsync(entity, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

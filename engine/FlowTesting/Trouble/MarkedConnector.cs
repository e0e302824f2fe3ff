using WorkflowEngine.Abstractions;

namespace WorkflowEngine.FlowTesting;

/// <summary>A connector whose calls say for which steps they are made.</summary>
internal sealed class MarkedConnector(IConnector inner) : IConnector
{
    public ConnectorDescriptor Descriptor => inner.Descriptor;

    public IReadOnlyList<ConfigProblem> Validate(ConnectionSettings settings) => inner.Validate(settings);

    public IConnection Connect(ConnectionSettings settings, ConnectorContext context) => new MarkedConnection(inner.Connect(settings, context));

    private sealed class MarkedConnection(IConnection inner) : IConnection
    {
        public Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

        public int MostItems(string entity, BatchKind kind) => inner.MostItems(entity, kind);

        public async Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken)
        {
            StepMarks.Current = new StepMark(batch.Steps, false);
            return await inner.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        public async Task<BatchAnswer<ReadRows>> AggregateAsync(AggregateBatch batch, CancellationToken cancellationToken)
        {
            StepMarks.Current = new StepMark(batch.Steps, false);
            return await inner.AggregateAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        public async Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
        {
            StepMarks.Current = new StepMark(batch.Steps, true);
            return await inner.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        public async Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken)
        {
            StepMarks.Current = new StepMark(batch.Steps, true);
            return await inner.CallAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        public async Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken)
        {
            StepMarks.Current = null;
            return await inner.PollAsync(request, cancellationToken).ConfigureAwait(false);
        }

        public Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken) => inner.DescribeAsync(entity, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

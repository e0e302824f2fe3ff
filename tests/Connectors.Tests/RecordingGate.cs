using System.Collections.Concurrent;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Tests;

/// <summary>A budget that lets everything through, unless told otherwise, and remembers what it was told.</summary>
public sealed class RecordingGate : ICallGate
{
    public ConcurrentQueue<CallPriority> Entered { get; } = new();

    public ConcurrentQueue<TimeSpan> Pauses { get; } = new();

    public ConcurrentQueue<(long Used, long Limit)> Observed { get; } = new();

    public OperationError? Refusal { get; set; }

    public ValueTask<OperationError?> EnterAsync(CallPriority priority, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Entered.Enqueue(priority);
        return ValueTask.FromResult(Refusal);
    }

    public void Observe(long used, long limit) => Observed.Enqueue((used, limit));

    public void Pause(TimeSpan pause) => Pauses.Enqueue(pause);
}

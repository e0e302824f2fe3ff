namespace WorkflowEngine.Runtime;

/// <summary>What the steps work with.</summary>
internal sealed class StepServices
{
    public required IBatcher Batcher { get; init; }

    public required IGroupCommit Commit { get; init; }

    public required LinkReader Links { get; init; }

    public required LinkWaiters Waiters { get; init; }

    public required IEvaluator Evaluator { get; init; }

    public required TimeProvider Time { get; init; }

    public required IEffectBoundary Boundary { get; init; }

    public required RuntimeOptions Options { get; init; }

    public DateTimeOffset Now => Time.GetUtcNow();
}

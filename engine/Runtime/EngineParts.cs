using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>What a runtime is composed of. The writer and the evaluator belong to who made them.</summary>
public sealed record EngineParts
{
    public required RuntimeStores Stores { get; init; }

    public required IGroupCommit Commit { get; init; }

    public required IEvaluator Evaluator { get; init; }

    public required DeploymentRegistry Registry { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IOwnership Ownership { get; init; } = new EmbeddedOwnership();

    public BatcherOptions Batching { get; init; } = new();

    public RuntimeOptions Options { get; init; } = new();

    public IEffectBoundary Boundary { get; init; } = NoBoundary.Instance;

    /// <summary>Bytes the store can still grow by; null = not known.</summary>
    public Func<CancellationToken, Task<long?>> FreeBytes { get; init; } = static _ => Task.FromResult<long?>(null);

    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;
}

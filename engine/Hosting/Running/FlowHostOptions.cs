using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>How a host is set up.</summary>
public sealed record FlowHostOptions
{
    /// <summary>The connectors installed.</summary>
    public required IReadOnlyList<IConnector> Connectors { get; init; }

    /// <summary>A SQLite file, or <c>postgres:</c> followed by a connection string.</summary>
    public required string Database { get; init; }

    /// <summary>The file with the master key; null = beside the SQLite file (<c>name.key</c>). Made at first start, mode 0600.</summary>
    public string? KeyFile { get; init; }

    public string Workspace { get; init; } = "default";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public BatcherOptions Batching { get; init; } = new();

    public RuntimeOptions Runtime { get; init; } = new();

    public IEffectBoundary Boundary { get; init; } = NoBoundary.Instance;

    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Gives an environment variable's value.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Expressions.Execution;
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

    /// <summary>The master key itself, 32 bytes; no file is read or made then.</summary>
    public byte[]? MasterKey { get; init; }

    /// <summary>SQLite: the file grows no further than this; null = as far as the disk.</summary>
    public long? MostDatabaseBytes { get; init; }

    /// <summary>Whether a commit to the SQLite file waits for the disk: always, but where nobody needs the state after this process.</summary>
    public bool Durable { get; init; } = true;

    public string Workspace { get; init; } = "default";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Which lanes this process runs; the default is all. Any other one means that several processes share the database.</summary>
    public IOwnership Ownership { get; init; } = new EmbeddedOwnership();

    /// <summary>Whether several processes share the database.</summary>
    internal bool IsShared => Ownership is not EmbeddedOwnership;

    public BatcherOptions Batching { get; init; } = new();

    public RuntimeOptions Runtime { get; init; } = new();

    public IEffectBoundary Boundary { get; init; } = NoBoundary.Instance;

    /// <summary>Engines of expressions that several hosts of one process share, kept by who made them; null = the host makes its own.</summary>
    public ExpressionEngine? Expressions { get; init; }

    /// <summary>Stands around the evaluator, to see what is computed; the default sees nothing.</summary>
    public Func<IEvaluator, IEvaluator> Evaluator { get; init; } = static evaluator => evaluator;

    /// <summary>Stands around the store's writer, so that a test can take the disk away; the default does nothing.</summary>
    public Func<IStoreWriter, IStoreWriter> Writer { get; init; } = static writer => writer;

    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Gives an environment variable's value.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;
}

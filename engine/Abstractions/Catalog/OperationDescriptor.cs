namespace WorkflowEngine.Abstractions;

/// <summary>A connector's named operation, run by <c>call:</c>.</summary>
public sealed record OperationDescriptor
{
    /// <summary>The name after the slash: <c>job.cancel</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>What <c>with</c> takes.</summary>
    public required IReadOnlyList<FieldDescriptor> Input { get; init; }

    /// <summary>What it gives back.</summary>
    public IReadOnlyList<FieldDescriptor> Output { get; init; } = [];

    /// <summary>Running it twice does the same as once; otherwise the step needs <c>once</c>.</summary>
    public bool Repeatable { get; init; }

    /// <summary>The record it makes, where the vendor can be asked for it by what it was given; null = only the engine can remember what was done.</summary>
    public MadeRecord? Makes { get; init; }
}

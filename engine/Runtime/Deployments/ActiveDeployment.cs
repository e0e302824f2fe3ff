using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>A flow version bound to connections, parameters and tables: what a run executes.</summary>
public sealed record ActiveDeployment
{
    public required DeploymentRef Ref { get; init; }

    public required string Name { get; init; }

    /// <summary>The deployment file it belongs to: its flows may start each other. Null = by itself.</summary>
    public string? Group { get; init; }

    public required CompiledFlow Flow { get; init; }

    /// <summary>By the flow's logical name.</summary>
    public required IReadOnlyDictionary<string, BoundConnection> Connections { get; init; }

    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>Rows by table and key: the value of the slot.</summary>
    public IReadOnlyDictionary<string, object?> Tables { get; init; } = new Dictionary<string, object?>();

    /// <summary>Where its sources begin; null = <see cref="CreatedAt"/>.</summary>
    public DateTimeOffset? Since { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DeploymentState State { get; init; }

    /// <summary>Why it is paused; null when it is not.</summary>
    public string? PausedBecause { get; init; }

    /// <summary>Why it was taken away for good: nothing more is accepted, and what waits ends without doing anything. Null = it was not.</summary>
    public string? RetiredBecause { get; init; }

    /// <summary>Hash of parameters and tables; part of the echo memory together with the flow's.</summary>
    public string BindingsHash { get; init; } = "";

    /// <summary>A trigger of the flow, or one that every flow has; null when there is none of this id.</summary>
    public PlanTrigger? Trigger(string id)
    {
        foreach (var trigger in Flow.Triggers)
        {
            if (trigger.Id == id) return trigger;
        }

        return PlanTrigger.BuiltIn(id);
    }

    public string MemoryOf => Flow.Hash + "/" + BindingsHash;
}

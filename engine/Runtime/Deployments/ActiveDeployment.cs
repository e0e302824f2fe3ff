using System.Security.Cryptography;
using System.Text.Json;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>A deployment as it runs: a compiled flow bound to opened connections, with its parameters and tables. Immutable; a change is a new one.</summary>
public sealed class ActiveDeployment
{
    private string? _memory;

    public required DeploymentRef Ref { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    public required CompiledFlow Flow { get; init; }

    /// <summary>Logical connection name → connection.</summary>
    public required IReadOnlyDictionary<string, BoundConnection> Connections { get; init; }

    public required IReadOnlyDictionary<string, object?> Parameters { get; init; }

    /// <summary>Table name → its rows, each an object with <c>key</c> and the columns.</summary>
    public IReadOnlyDictionary<string, object?> Tables { get; init; } = new Dictionary<string, object?>();

    public DeploymentState State { get; init; } = DeploymentState.Active;

    /// <summary>Where its sources begin; null = at <see cref="CreatedAt"/>.</summary>
    public DateTimeOffset? Since { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Names what the echo memory belongs to: flow version, parameters, tables.</summary>
    public string MemoryOf => _memory ??= Convert.ToHexStringLower(SHA256.HashData(
        JsonSerializer.SerializeToUtf8Bytes(new object[] { Flow.Hash, Parameters, Tables })))[..16];

    /// <summary>The trigger with this id; null when this version has none.</summary>
    public PlanTrigger? Trigger(string id)
    {
        foreach (var trigger in Flow.Triggers)
        {
            if (trigger.Id == id) return trigger;
        }

        return null;
    }

    /// <summary>Slots of a new run: parameters, tables and what <c>run</c> shows are filled by the caller or here.</summary>
    public object?[] NewSlots()
    {
        var slots = new object?[Math.Max(Flow.SlotCount, Slots.First)];
        slots[Slots.Params] = Parameters;
        slots[Slots.Tables] = Tables;
        return slots;
    }
}

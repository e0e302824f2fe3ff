using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Plan;

/// <summary><c>call</c>: a connector's named operation.</summary>
public sealed record CallInstruction : Instruction
{
    /// <summary>The logical connection.</summary>
    public required string Connection { get; init; }

    public required OperationDescriptor Operation { get; init; }

    /// <summary>All values of the step; null when it has none.</summary>
    public PlanMapping? Values { get; init; }

    public IReadOnlyList<PlanFieldLine> With { get; init; } = [];

    /// <summary>The key under which it is called once: an input (it stands in <see cref="With"/> too) or the word <see cref="OnceKey"/>. Null = as often as the step runs.</summary>
    public PlanFieldLine? Once { get; init; }

    /// <summary>The record by which a lost answer is resolved; null = the vendor cannot be asked.</summary>
    public EntityDescriptor? Made { get; init; }

    /// <summary>Paths read of <see cref="Made"/>.</summary>
    public IReadOnlyList<string> MadeSelect { get; init; } = [];

    /// <summary>The name of a key that only the engine remembers.</summary>
    public const string OnceKey = "key";

    /// <summary>The output that says whether the call had been made before.</summary>
    public const string Existed = "existed";
}

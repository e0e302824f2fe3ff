namespace WorkflowEngine.Compilation.Plan;

/// <summary><c>start</c>: a durable hand-over to a flow of the same template under a key of its own.</summary>
public sealed record StartInstruction : Instruction
{
    /// <summary>The flow's id.</summary>
    public required string Flow { get; init; }

    public required PlanMapping Values { get; init; }

    /// <summary>Index of the key.</summary>
    public required int Key { get; init; }

    /// <summary>Index of the input, an object; -1 = an empty one.</summary>
    public int With { get; init; } = -1;

    /// <summary>Index of the time it is planned for; -1 = at once. A null value takes back what was planned under the key.</summary>
    public int At { get; init; } = -1;
}

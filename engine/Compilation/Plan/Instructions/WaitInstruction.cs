namespace WorkflowEngine.Compilation.Plan;

/// <summary>What a <c>wait</c> waits for.</summary>
public enum PlanWait
{
    /// <summary>A length of time: <see cref="WaitInstruction.For"/>, or as long as <see cref="WaitInstruction.Value"/> is behind <c>run.now</c>.</summary>
    Time,

    /// <summary>The instant that <see cref="WaitInstruction.Value"/> gives.</summary>
    Until,

    /// <summary>The decision of a person; <see cref="WaitInstruction.Value"/> is what they are told.</summary>
    Review,
}

/// <summary><c>wait</c>: a durable pause. Output of a review: <c>{ approved, comment }</c>.</summary>
public sealed record WaitInstruction : Instruction
{
    public required PlanWait Kind { get; init; }

    /// <summary>The length where it is written out.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>One value; null where <see cref="For"/> says it.</summary>
    public PlanMapping? Value { get; init; }

    /// <summary>Other events of the key go on meanwhile.</summary>
    public bool ReleaseKey { get; init; }
}

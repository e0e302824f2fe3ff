namespace WorkflowEngine.Compilation.Plan;

/// <summary>
/// <c>flow</c>: begins the steps of another flow of the template, which stand behind it up to <see cref="End"/>. They have slots of their own, so nothing of the caller is seen but the input.
/// An error that leaves them is an error of this step.
/// </summary>
public sealed record FlowBeginInstruction : Instruction
{
    /// <summary>The flow's id.</summary>
    public required string Flow { get; init; }

    /// <summary>One value, the input; null = none is given.</summary>
    public PlanMapping? With { get; init; }

    /// <summary>Slot of the input.</summary>
    public required int Input { get; init; }

    /// <summary>What fields of the input are where nothing is given for them.</summary>
    public IReadOnlyDictionary<string, object?> InputDefaults { get; init; } = new Dictionary<string, object?>();

    /// <summary>Slots set to null before: outputs of its steps.</summary>
    public IReadOnlyList<int> Clears { get; init; } = [];

    /// <summary>The <see cref="FlowEndInstruction"/> that closes it.</summary>
    public required int End { get; init; }
}

/// <summary>Ends the steps of a called flow: its output becomes the output of the step.</summary>
public sealed record FlowEndInstruction : Instruction
{
    public required int Begin { get; init; }

    /// <summary>One value; null = the flow has no output.</summary>
    public PlanMapping? Result { get; init; }
}

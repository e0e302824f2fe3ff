namespace WorkflowEngine.Compilation.Plan;

/// <summary>Goes to <see cref="Target"/> when the one value of <see cref="Condition"/> is not true: <c>if</c> and <c>when</c>.</summary>
public sealed record JumpUnlessInstruction : Instruction
{
    public required PlanMapping Condition { get; init; }

    public required int Target { get; init; }

    /// <summary>Slots set to null when the jump is taken: outputs of what was skipped.</summary>
    public IReadOnlyList<int> Clears { get; init; } = [];
}

/// <summary>Goes to <see cref="Target"/>.</summary>
public sealed record JumpInstruction : Instruction
{
    public required int Target { get; init; }
}

/// <summary>Sets the output to a constant: the name of the case a branch took.</summary>
public sealed record ConstantInstruction : Instruction
{
    public required object? Value { get; init; }
}

/// <summary>Computes the step's named values into its output, an object.</summary>
public sealed record MapInstruction : Instruction
{
    public required PlanMapping Values { get; init; }
}

/// <summary>Begins a loop: evaluates the list, opens a frame; an empty or null list goes to <see cref="End"/>.</summary>
public sealed record ForEachInstruction : Instruction
{
    /// <summary>One value, a list.</summary>
    public required PlanMapping List { get; init; }

    /// <summary>Slot of the item.</summary>
    public required int Item { get; init; }

    /// <summary>Slot of the index, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>One value per item, evaluated at its end; null = the loop gives no list.</summary>
    public PlanMapping? Collect { get; init; }

    /// <summary>A failing item is noted and the loop goes on.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>Slots set to null before each item: outputs inside the loop.</summary>
    public IReadOnlyList<int> Clears { get; init; } = [];

    /// <summary>The <see cref="ForEachEndInstruction"/> that closes the loop.</summary>
    public required int End { get; init; }
}

/// <summary>Ends an item: takes its output, goes to the first instruction behind <see cref="Begin"/> for the next item, or on when there is none.</summary>
public sealed record ForEachEndInstruction : Instruction
{
    public required int Begin { get; init; }
}

public enum PlanEnd
{
    /// <summary>The run ends well.</summary>
    Stop,

    /// <summary>The run ends as failure.</summary>
    Fail,

    /// <summary>The item of the innermost loop ends.</summary>
    Next,
}

/// <summary><c>stop</c>, <c>fail</c>, <c>next</c>.</summary>
public sealed record EndInstruction : Instruction
{
    public required PlanEnd Kind { get; init; }

    /// <summary>One text.</summary>
    public required PlanMapping Message { get; init; }
}

/// <summary><c>warn</c>: opens an incident; the run goes on.</summary>
public sealed record WarnInstruction : Instruction
{
    /// <summary>The condition of the step, one boolean; false closes the incident. Null = always.</summary>
    public PlanMapping? If { get; init; }

    /// <summary>One text, and with <see cref="HasKey"/> a second: the incident's name.</summary>
    public required PlanMapping Message { get; init; }

    public bool HasKey { get; init; }
}

/// <summary>Ends the <c>do</c> of an error case: again, then as the case says.</summary>
public sealed record EndHandlerInstruction : Instruction;

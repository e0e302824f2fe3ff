namespace WorkflowEngine.Compilation.Plan;

/// <summary>
/// Several expressions that are evaluated by one prepared function. Literals and structures are lowered to expression text by the compiler, so
/// every value of a step has an index here. Equal by reference: the evaluator keeps one prepared function per instance.
/// </summary>
public sealed class PlanMapping
{
    /// <summary>Expression texts without the leading <c>=</c>; the result has one value for each.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Free names the texts read, in argument order.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>For each name the slot of the run it is read from.</summary>
    public required IReadOnlyList<int> Slots { get; init; }

    /// <summary>For each text where it stands in the file.</summary>
    public required IReadOnlyList<SourcePlace> Places { get; init; }

    /// <summary>For a <c>map</c> step: the step's id, under which later lines read earlier ones; else null.</summary>
    public string? SelfName { get; init; }

    /// <summary>Values that come from a sensitive field, by their index: they are never shown.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [];

    /// <summary>For a <c>map</c> step: the name of each line; else null.</summary>
    public IReadOnlyList<string>? LineNames { get; init; }
}

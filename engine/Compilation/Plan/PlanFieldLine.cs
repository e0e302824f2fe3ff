using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Plan;

/// <summary>What a null value in <c>set</c> does.</summary>
public enum PlanEmpty
{
    Keep,
    Clear,
}

/// <summary>One line of <c>set</c>, <c>setOnCreate</c>, <c>setOnUpdate</c> or <c>with</c>. The word <c>null</c> in the file is lowered to the constant <c>clear</c>.</summary>
public sealed record PlanFieldLine
{
    /// <summary>The path that is written.</summary>
    public required string Path { get; init; }

    /// <summary>The field at its end; values are converted to its type.</summary>
    public required FieldDescriptor Field { get; init; }

    /// <summary>Index into the step's values.</summary>
    public required int Value { get; init; }

    /// <summary>The value names a parent by an external id.</summary>
    public PlanReference? Reference { get; init; }

    /// <summary>The field is sensitive, or its value comes from one that is: it is not shown in a journal.</summary>
    public bool Hidden { get; init; }

    public required SourcePlace Place { get; init; }
}

/// <summary><c>{ ref, by, value, orElse }</c>.</summary>
/// <param name="Entity">The parent's entity.</param>
/// <param name="By">Its external id field; the value is converted to its type.</param>
/// <param name="OrElse">What a missing parent means: later (default), none or fail.</param>
public sealed record PlanReference(string Entity, FieldDescriptor By, PlanOrElse OrElse);

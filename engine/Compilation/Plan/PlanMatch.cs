using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Plan;

/// <summary>One rule of <c>match</c>.</summary>
public sealed record PlanMatchRule
{
    public required IReadOnlyList<PlanMatchTerm> Terms { get; init; }

    /// <summary>The rule's field list: the kind of its links.</summary>
    public required string Kind { get; init; }

    /// <summary>The one field is unique at the vendor and an external id: the vendor refuses the second, so no claim is needed.</summary>
    public bool VendorUnique { get; init; }

    /// <summary>Every term is a field that the step writes.</summary>
    public bool Written { get; init; }
}

/// <summary>One term of a rule.</summary>
/// <param name="Paths">The alternatives; one where there is no bar.</param>
/// <param name="Field">The field compared; values are converted to its type.</param>
/// <param name="Value">Index into the step's values.</param>
public sealed record PlanMatchTerm(IReadOnlyList<string> Paths, FieldDescriptor Field, int Value);

/// <summary>What several matches mean.</summary>
public enum PlanAmbiguous
{
    Review,
    Newest,
    Oldest,
    Fail,
}

/// <summary>What a match that belongs to another key means.</summary>
public enum PlanOwned
{
    Create,
    Share,
    Review,
    Fail,
}

/// <summary>What a missing record means.</summary>
public enum PlanOrElse
{
    Fail,
    None,
    Later,
    Stop,
}

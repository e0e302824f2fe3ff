using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Plan;

/// <summary>A <c>where</c> whose values are not known yet: a closed family that mirrors <see cref="Condition"/>.</summary>
public abstract record PlanCondition
{
    /// <summary>All comparisons in it, in the order written.</summary>
    public IEnumerable<PlanField> Fields() => this switch
    {
        PlanField field => [field],
        PlanAll all => all.Parts.SelectMany(p => p.Fields()),
        PlanAny any => any.Parts.SelectMany(p => p.Fields()),
        _ => [],
    };
}

/// <summary>One field compared with values of the step.</summary>
/// <param name="Path">The field's path on the entity.</param>
/// <param name="Field">The field at the end of the path; values are converted to its type.</param>
/// <param name="Operator">The comparison.</param>
/// <param name="Values">
/// Indexes into the step's values. A value that is a list stands for its items. Null and empty values are left out; when none is left <see cref="Comparison.In"/>, the ordered
/// comparisons and <see cref="Comparison.Like"/> find nothing, and <see cref="Comparison.NotIn"/> excludes nothing.
/// </param>
public sealed record PlanField(string Path, FieldDescriptor Field, Comparison Operator, IReadOnlyList<int> Values) : PlanCondition;

/// <summary>All hold; empty = every record.</summary>
public sealed record PlanAll(IReadOnlyList<PlanCondition> Parts) : PlanCondition;

/// <summary>At least one holds; empty = no record.</summary>
public sealed record PlanAny(IReadOnlyList<PlanCondition> Parts) : PlanCondition;

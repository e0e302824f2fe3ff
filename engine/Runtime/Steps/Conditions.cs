using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Puts a step's values into its <c>where</c>.</summary>
internal static class Conditions
{
    private static readonly AllOf Every = new([]);

    /// <summary>The condition; null when it can find nothing, so nobody need be asked.</summary>
    /// <param name="plan">The <c>where</c>.</param>
    /// <param name="values">The step's values.</param>
    /// <param name="problem">Why a value cannot be compared; null when all can.</param>
    public static Condition? Build(PlanCondition plan, object?[] values, out string? problem)
    {
        problem = null;
        switch (plan)
        {
            case PlanField field:
                return Field(field, values, out problem);
            case PlanAll all:
                if (all.Parts.Count == 1) return Build(all.Parts[0], values, out problem);
                var parts = new List<Condition>(all.Parts.Count);
                foreach (var part in all.Parts)
                {
                    var built = Build(part, values, out problem);
                    if (built is null) return null;
                    if (!ReferenceEquals(built, Every)) parts.Add(built);
                }

                return parts.Count == 0 ? Every : parts.Count == 1 ? parts[0] : new AllOf(parts);
            case PlanAny any:
                var alternatives = new List<Condition>(any.Parts.Count);
                foreach (var part in any.Parts)
                {
                    var built = Build(part, values, out problem);
                    if (problem is not null) return null;
                    if (built is not null) alternatives.Add(built);
                }

                return alternatives.Count == 0 ? null : new AnyOf(alternatives);
            default:
                throw new InvalidOperationException($"{plan.GetType().Name} is no condition.");
        }
    }

    private static Condition? Field(PlanField field, object?[] values, out string? problem)
    {
        problem = null;
        if (field.Operator is Comparison.IsNull or Comparison.IsNotNull) return new FieldCondition(field.Path, field.Operator, []);
        var used = new List<object>(field.Values.Count);
        var type = field.Field.Type.Kind == FieldKind.List && field.Field.Type.Item is { } item ? item : field.Field.Type;
        if (field.Operator != Comparison.Like) type = LooseTypes.OfSearch(type);
        foreach (var index in field.Values)
        {
            if (values[index] is IReadOnlyList<object?> list)
            {
                foreach (var one in list)
                {
                    if (!Add(one, out problem)) return null;
                }
            }
            else if (!Add(values[index], out problem))
            {
                return null;
            }
        }

        if (used.Count == 0) return field.Operator == Comparison.NotIn ? Every : null;
        return new FieldCondition(field.Path, field.Operator, used);

        bool Add(object? value, out string? why)
        {
            why = null;
            if (FieldValues.IsEmpty(value)) return true;
            if (field.Operator == Comparison.Like)
            {
                used.Add(value is string ? value : FieldValues.AsText(value!) ?? "");
                return true;
            }

            if (!FieldValues.TryConvert(type, value, out var converted, out why)) return false;
            why = null;
            if (!used.Contains(converted!)) used.Add(converted!);
            return true;
        }
    }
}

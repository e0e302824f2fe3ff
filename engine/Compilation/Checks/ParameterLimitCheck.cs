using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary><c>min</c> and <c>max</c> go with the type, and the default lies between them.</summary>
internal static class ParameterLimitCheck
{
    public static void Check(ParameterDefinition parameter, BoundType type, DiagnosticBag problems)
    {
        var min = Limit(parameter.Min, "min", type, problems);
        var max = Limit(parameter.Max, "max", type, problems);
        if (min is not null && max is not null && Compare(min, max) > 0)
        {
            problems.Add(RequiresDiagnostics.OutsideLimits(parameter.Min!.Span, "'min'", "is greater than 'max'"));
            return;
        }

        if (parameter.Default is not LiteralValue given || LiteralClr.Of(given, type.Field) is not { } value) return;
        if (min is not null && Compare(value, min) < 0) problems.Add(RequiresDiagnostics.OutsideLimits(given.Span, "The default", $"is less than 'min', {Text(min)}"));
        if (max is not null && Compare(value, max) > 0) problems.Add(RequiresDiagnostics.OutsideLimits(given.Span, "The default", $"is greater than 'max', {Text(max)}"));
    }

    private static IComparable? Limit(ValueDefinition? limit, string name, BoundType type, DiagnosticBag problems)
    {
        if (limit is null) return null;
        if (type.Field.Kind is not (FieldKind.Integer or FieldKind.Number or FieldKind.Decimal or FieldKind.Date or FieldKind.Instant or FieldKind.Duration))
        {
            if (type.Field.Kind != FieldKind.Any)
            {
                problems.Add(RequiresDiagnostics.UnfitLimit(limit.Span, name, type.Word ?? FieldTypes.Describe(type.Field), "integer, number, decimal, date, instant and duration"));
            }

            return null;
        }

        if (limit is LiteralValue literal) LiteralCheck.Check(literal, type.Field, $"'{name}'", problems);
        return LiteralClr.Of(limit, type.Field) as IComparable;
    }

    private static int Compare(object a, object b) => a.GetType() == b.GetType() ? ((IComparable)a).CompareTo(b) : 0;

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}

using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>aggregate</c>: rows of sums, checked in full, not run yet.</summary>
internal static class AggregateCompiler
{
    public static StepResult Compile(AggregateStep step, StepContext context)
    {
        context.Session.Plan.Later("the activity 'aggregate'", step.Activity.Span);
        if (ReadParts.Bind(step, context) is not { } parts) return StepResult.Unknown;
        var row = new Dictionary<string, ExprType>(StringComparer.Ordinal) { ["count"] = ExprType.Integer };
        foreach (var path in step.GroupBy)
        {
            if (FieldCheck.Resolve(parts.Entity, path, context.Problems) is { } field) row[path.Value] = Type(field).OrNull();
        }

        Lines(step.Sum, "sum", parts.Entity, context, row, field => Sum(field.Type.Kind));
        Lines(step.Min, "min", parts.Entity, context, row, Ordered);
        Lines(step.Max, "max", parts.Entity, context, row, Ordered);
        return new StepResult(null, ExprType.List(ExprType.Object(null, row), nonEmpty: step.GroupBy.Count == 0));
    }

    private static void Lines(
        IReadOnlyList<AggregateLine> lines, string function, EntityModel entity, StepContext context, Dictionary<string, ExprType> row, Func<ResolvedField, ExprType?> result)
    {
        foreach (var line in lines)
        {
            row[line.Name.Value] = ExprType.Any;
            if (FieldCheck.Resolve(entity, line.Field, context.Problems) is not { } field) continue;
            if (result(field) is { } type) row[line.Name.Value] = type;
            else context.Problems.Add(FlowDiagnostics.NotSummable(line.Field.Span, function, $"{entity.Name}.{field.Path}", FieldTypes.Describe(field.Type)));
        }
    }

    private static ExprType? Sum(FieldKind kind) => kind switch
    {
        FieldKind.Decimal => ExprType.Decimal,
        FieldKind.Integer => ExprType.Integer,
        FieldKind.Number => ExprType.Number,
        FieldKind.Any => ExprType.Any,
        _ => null,
    };

    private static ExprType? Ordered(ResolvedField field) => field.Type.Kind switch
    {
        FieldKind.Date or FieldKind.Instant => Type(field).OrNull(),
        var kind => Sum(kind)?.OrNull(),
    };

    private static ExprType Type(ResolvedField field) => FieldTypes.ToExpr(field.Type, field.Entity.Connection.Name);
}

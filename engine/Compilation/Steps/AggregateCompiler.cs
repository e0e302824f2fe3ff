using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>aggregate</c>: rows of counts, sums and extremes.</summary>
internal static class AggregateCompiler
{
    public static StepResult Compile(AggregateStep step, StepContext context)
    {
        if (ReadParts.Bind(step, context) is not { } parts) return StepResult.Unknown;
        context.Session.NeedsCheckpoint = true;
        var row = new Dictionary<string, ExprType>(StringComparer.Ordinal) { ["count"] = ExprType.Integer };
        var groups = new List<PlanGroupTerm>();
        foreach (var path in step.GroupBy)
        {
            if (FieldCheck.Resolve(parts.Entity, path, context.Problems) is not { } field) continue;
            row[path.Value] = Type(field).OrNull();
            groups.Add(new PlanGroupTerm(field.Path, field.Field));
        }

        var lines = new List<PlanAggregateLine>();
        Lines(step.Sum, "sum", PlanAggregate.Sum, field => Sum(field.Type.Kind));
        Lines(step.Min, "min", PlanAggregate.Min, Ordered);
        Lines(step.Max, "max", PlanAggregate.Max, Ordered);
        var instruction = new AggregateInstruction
        {
            Step = context.Head with { Options = parts.Options },
            Connection = parts.Entity.Connection.Name,
            Entity = parts.Entity.Descriptor,
            Fields = [.. groups.Select(g => g.Path).Concat(lines.Select(l => l.Path)).Append(parts.Entity.Descriptor.IdField).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Where = parts.Where,
            Values = parts.Values.Build(),
            GroupBy = groups,
            Lines = lines,
            IncludeInactive = parts.IncludeInactive,
        };
        return new StepResult(instruction, ExprType.List(ExprType.Object(null, row), nonEmpty: step.GroupBy.Count == 0));

        void Lines(IReadOnlyList<AggregateLine> written, string function, PlanAggregate plan, Func<ResolvedField, ExprType?> result)
        {
            foreach (var line in written)
            {
                row[line.Name.Value] = ExprType.Any;
                if (FieldCheck.Resolve(parts.Entity, line.Field, context.Problems) is not { } field) continue;
                if (result(field) is { } type) row[line.Name.Value] = type;
                else context.Problems.Add(FlowDiagnostics.NotSummable(line.Field.Span, function, $"{parts.Entity.Name}.{field.Path}", FieldTypes.Describe(field.Type)));
                lines.Add(new PlanAggregateLine(line.Name.Value, plan, field.Path, field.Field));
            }
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

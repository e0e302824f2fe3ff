using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>query</c>: a list of records.</summary>
internal static class QueryCompiler
{
    public static StepResult Compile(QueryStep step, StepContext context)
    {
        if (ReadParts.Bind(step, context) is not { } parts) return StepResult.Unknown;
        var instruction = new ReadInstruction
        {
            Step = context.Head with { Options = parts.Options },
            Connection = parts.Entity.Connection.Name,
            Entity = parts.Entity.Descriptor,
            Fields = parts.Fields,
            Where = parts.Where,
            Values = parts.Values.Build(),
            OrderBy = ReadParts.Order(step.OrderBy, parts.Entity, context),
            One = false,
            Limit = step.Limit is { Value: >= 1 } most ? (int)Math.Min(most.Value, int.MaxValue) : null,
            IncludeInactive = parts.IncludeInactive,
        };
        return new StepResult(instruction, ExprType.List(context.Session.Shapes.Record(parts.Reads)));
    }
}

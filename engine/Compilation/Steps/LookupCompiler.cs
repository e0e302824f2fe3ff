using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>lookup</c>: one record or null.</summary>
internal static class LookupCompiler
{
    public static StepResult Compile(LookupStep step, StepContext context)
    {
        if (ReadParts.Bind(step, context) is not { } parts) return StepResult.Unknown;
        var type = context.Session.Shapes.Record(parts.Reads);
        var orElse = OrElseOf(step.OrElse);
        var instruction = new ReadInstruction
        {
            Step = context.Head with { Options = parts.Options },
            Connection = parts.Entity.Connection.Name,
            Entity = parts.Entity.Descriptor,
            Fields = parts.Fields,
            Where = parts.Where,
            Values = parts.Values.Build(),
            OrderBy = ReadParts.Order(step.OrderBy, parts.Entity, context),
            One = true,
            OrElse = orElse,
            FirstOfSeveral = step.OnSeveral?.Value == OnSeveral.First,
            IncludeInactive = parts.IncludeInactive,
        };
        return new StepResult(instruction, orElse == PlanOrElse.None ? type.OrNull() : type);
    }

    public static PlanOrElse OrElseOf(Located<OrElse>? orElse) => orElse?.Value switch
    {
        OrElse.None => PlanOrElse.None,
        OrElse.Later => PlanOrElse.Later,
        OrElse.Stop => PlanOrElse.Stop,
        _ => PlanOrElse.Fail,
    };
}

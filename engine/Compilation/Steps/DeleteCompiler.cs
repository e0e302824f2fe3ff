using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>delete</c>: the record named, or those that fit a condition.</summary>
internal static class DeleteCompiler
{
    public static StepResult Compile(DeleteStep step, StepContext context)
    {
        var session = context.Session;
        if (session.Catalog.Entity(step.Entity, session.Problems) is not { } entity)
        {
            LooseCheck.Value(step.Record, context);
            LooseCheck.Where(step.Where, context);
            return StepResult.Unknown;
        }

        VerbCheck.Write(entity, step.Entity, create: false, update: false, delete: true, session.Problems);
        WriteParts.Note(step, entity, context);
        var values = new MappingWriter(context.Scope);
        var target = TargetParts.Bind(step.Record, step.Where, step.All, step.Scan, step, entity, context, values);
        var orElse = LookupCompiler.OrElseOf(step.OrElse);
        var instruction = new ChangeInstruction
        {
            Step = context.Head with { Options = OptionsCompiler.Bind(step, entity.Connection, context, values) },
            Connection = entity.Connection.Name,
            Entity = entity.Descriptor,
            Delete = true,
            Values = values.Build(),
            Select = [entity.Descriptor.IdField],
            Record = target.Record,
            Where = target.Where,
            OrElse = orElse,
            All = target.All,
            IncludeInactive = target.IncludeInactive,
        };
        return new StepResult(instruction, TargetParts.Output(entity, target.All, orElse, session));
    }
}

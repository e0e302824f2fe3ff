using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>update</c>: the record named, or those that fit a condition.</summary>
internal static class UpdateCompiler
{
    public static StepResult Compile(UpdateStep step, StepContext context)
    {
        var session = context.Session;
        var entity = session.Catalog.Entity(step.Entity, session.Problems);
        var lines = WriteLines.Of(step, null, null, entity, session);
        if (entity is null)
        {
            WriteParts.Loose(lines.Set, context);
            LooseCheck.Value(step.Record, context);
            LooseCheck.Where(step.Where, context);
            return StepResult.Unknown;
        }

        var may = VerbCheck.Write(entity, step.Entity, create: false, update: true, delete: false, session.Problems);
        WriteParts.Note(step, entity, context);
        var values = new MappingWriter(context.Scope);
        var set = new SetBinder(session, entity, context.Scope, values).Bind(lines.Set, may ? SetHalf.Update : SetHalf.None);
        var target = TargetParts.Bind(step.Record, step.Where, step.All, step.Scan, step, entity, context, values);
        var orElse = LookupCompiler.OrElseOf(step.OrElse);
        var instruction = new ChangeInstruction
        {
            Step = context.Head with { Options = OptionsCompiler.Bind(step, entity.Connection, context, values) },
            Connection = entity.Connection.Name,
            Entity = entity.Descriptor,
            Delete = false,
            Values = values.Build(),
            Set = [.. set.Select(l => l.Plan)],
            Empty = WriteParts.Empty(step.Empty),
            SkipUnchanged = step.SkipUnchanged?.Value ?? true,
            Select = [.. set.Where(l => l.Field.Field.Readable).Select(l => l.Field.Path).Append(entity.Descriptor.IdField).Distinct().Order(StringComparer.Ordinal)],
            Record = target.Record,
            Where = target.Where,
            OrElse = orElse,
            All = target.All,
            IncludeInactive = target.IncludeInactive,
        };
        return new StepResult(instruction, TargetParts.Output(entity, target.All, orElse, session));
    }
}

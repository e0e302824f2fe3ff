using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>create</c>: a new record, once for its key.</summary>
internal static class CreateCompiler
{
    public static StepResult Compile(CreateStep step, StepContext context)
    {
        var session = context.Session;
        var entity = session.Catalog.Entity(step.Entity, session.Problems);
        var lines = WriteLines.Of(step, null, null, entity, session);
        if (entity is null)
        {
            WriteParts.Loose(lines.Set.Concat(step.Once?.Lines ?? []), context);
            return StepResult.Unknown;
        }

        var may = VerbCheck.Write(entity, step.Entity, create: true, update: false, delete: false, session.Problems);
        WriteParts.Note(step, entity, context);
        var values = new MappingWriter(context.Scope);
        var set = new SetBinder(session, entity, context.Scope, values).Bind(lines.Set, may ? SetHalf.Create : SetHalf.None);
        var once = OnceCheck.Bind(step.Once, step, entity, context, values, may, out var unique);
        var written = lines.Set.Concat(step.Once?.Lines ?? []).ToArray();
        if (lines.Set.Count == 0) session.Problems.Add(FlowDiagnostics.NothingToWrite(step.Activity.Span, "create"));
        RequiredCheck.Check(entity, step.Activity.Span, set, written, session.Problems);
        foreach (var line in lines.Set.Where(l => step.Once?.Find(l.Name.Value) is not null))
        {
            session.Problems.Add(MatchDiagnostics.OnceSetTwice(line.Name.Span, line.Name.Value));
        }

        if (!unique) session.NeedsCheckpoint = true;
        var record = new RecordReads(entity);
        var instruction = new CreateInstruction
        {
            Step = context.Head with { Options = OptionsCompiler.Bind(step, entity.Connection, context, values) },
            Connection = entity.Connection.Name,
            Entity = entity.Descriptor,
            Values = values.Build(),
            Set = [.. set.Select(l => l.Plan)],
            Empty = WriteParts.Empty(step.Empty),
            Once = once,
            OnceIsUnique = unique,
            Select = session.Plan.Defer([record], [entity.Descriptor.IdField]),
        };
        return new StepResult(instruction, WriteParts.Output(entity, record, session, ("existed", ExprType.Boolean)));
    }
}

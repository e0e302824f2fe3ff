using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>merge</c>: joins duplicates; checked in full, not run yet.</summary>
internal static class MergeCompiler
{
    public static StepResult Compile(MergeStep step, StepContext context)
    {
        var session = context.Session;
        session.Plan.Later("the activity 'merge'", step.Activity.Span);
        session.NeedsCheckpoint = true;
        if (session.Catalog.Entity(step.Entity, session.Problems) is not { } entity)
        {
            LooseCheck.Value(step.Keep, context);
            LooseCheck.Value(step.Remove, context);
            LooseCheck.Lines(step.Survivorship?.Lines.Where(l => l.Value is ExpressionValue), context);
            return StepResult.Unknown;
        }

        VerbCheck.Write(entity, step.Entity, create: false, update: true, delete: false, session.Problems);
        WriteParts.Note(step, entity, context);
        Record(step.Keep, "keep", entity, context);
        Record(step.Remove, "remove", entity, context);
        var records = ExprType.List(session.Shapes.Record(new RecordReads(entity)), nonEmpty: true);
        var names = context.Scope.Names.With("records", records);
        foreach (var line in step.Survivorship?.Lines ?? [])
        {
            if (FieldCheck.Resolve(entity, line.Name, session.Problems) is not { } field) continue;
            WritableCheck.Check(field, line.Name.Span, SetHalf.Update, session.Problems);
            // The words have been checked by the reader.
            if (line.Value is not LiteralValue)
            {
                session.Values.Bind(line.Value, ValuePlace.Set(field), names);
            }
        }

        return new StepResult(null, ExprType.Object(("id", ExprType.Id(entity.FullName)), ("merged", ExprType.Boolean)));
    }

    private static void Record(ValueDefinition? value, string part, EntityModel entity, StepContext context)
    {
        if (value is null) return;
        var type = FieldType.IdOf(entity.Name);
        if (value is ListValue) type = FieldType.ListOf(type);
        var place = new ValuePlace { Name = $"'{part}'", Type = type, Connection = entity.Connection.Name, Nullable = false };
        context.Session.Values.Bind(value, place, context.Scope.Names);
    }
}

using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>merge</c>: joins duplicates.</summary>
internal static class MergeCompiler
{
    public static StepResult Compile(MergeStep step, StepContext context)
    {
        var session = context.Session;
        session.NeedsCheckpoint = true;
        if (session.Catalog.Entity(step.Entity, session.Problems) is not { } entity)
        {
            LooseCheck.Value(step.Keep, context);
            LooseCheck.Value(step.Remove, context);
            LooseCheck.Value(step.Because, context);
            LooseCheck.Lines(step.Survivorship?.Lines.Where(l => l.Value is ExpressionValue), context);
            return StepResult.Unknown;
        }

        VerbCheck.Write(entity, step.Entity, create: false, update: true, delete: false, session.Problems);
        WriteParts.Note(step, entity, context);
        var values = new MappingWriter(context.Scope);
        var keep = Record(step.Keep, "keep", entity, context, values);
        var remove = Record(step.Remove, "remove", entity, context, values);
        var because = step.Because is { } why ? values.Add(session.Values.Bind(why, new ValuePlace { Name = "'because'", Type = FieldType.Of(FieldKind.Text) }, context.Scope.Names)) : -1;
        var reads = new RecordReads(entity);
        var slot = session.Plan.NewSlot("records");
        var scope = context.Scope.With("records", ExprType.List(session.Shapes.Record(reads), nonEmpty: true), slot);
        var expressions = new MappingWriter(scope);
        var lines = new List<PlanSurvivorLine>();
        foreach (var line in step.Survivorship?.Lines ?? [])
        {
            if (FieldCheck.Resolve(entity, line.Name, session.Problems) is not { } field) continue;
            WritableCheck.Check(field, line.Name.Span, SetHalf.Update, session.Problems);
            var plan = new PlanFieldLine { Path = field.Path, Field = field.Field, Value = -1, Place = ExpressionBinder.Place(line.Name.Span), Hidden = field.Field.Sensitive };

            // The words have been checked by the reader.
            if (line.Value is LiteralValue word)
            {
                lines.Add(new PlanSurvivorLine(plan, Rule(word.Text)));
                continue;
            }

            var bound = session.Values.Bind(line.Value, ValuePlace.Set(field), scope.Names);
            lines.Add(new PlanSurvivorLine(plan with { Value = expressions.Add(bound), Hidden = plan.Hidden || bound.Hidden }, PlanSurvivor.Expression));
        }

        var options = OptionsCompiler.Bind(step, entity.Connection, context, values);
        var output = ExprType.Object(("id", ExprType.Id(entity.FullName)), ("merged", ExprType.Boolean));
        if (keep < 0 || remove < 0) return new StepResult(null, output);
        string?[] always = [entity.Descriptor.IdField, entity.Descriptor.VersionField];
        var instruction = new MergeInstruction
        {
            Step = context.Head with { Options = options },
            Connection = entity.Connection.Name,
            Entity = entity.Descriptor,
            Values = values.Build(),
            Keep = keep,
            Remove = remove,
            Because = because,
            Survivorship = lines,
            SurvivorValues = expressions.Build(),
            Records = slot,
            Select = session.Plan.Defer([reads], lines.Select(l => l.Line.Path).Concat(always.OfType<string>())),
        };
        return new StepResult(instruction, output);
    }

    private static PlanSurvivor Rule(string word) => word switch
    {
        "filled" => PlanSurvivor.Filled,
        "newest" => PlanSurvivor.Newest,
        "oldest" => PlanSurvivor.Oldest,
        "longest" => PlanSurvivor.Longest,
        _ => PlanSurvivor.Keep,
    };

    private static int Record(ValueDefinition? value, string part, EntityModel entity, StepContext context, MappingWriter values)
    {
        if (value is null) return -1;
        var type = FieldType.IdOf(entity.Name);
        if (value is ListValue) type = FieldType.ListOf(type);
        var place = new ValuePlace { Name = $"'{part}'", Type = type, Connection = entity.Connection.Name, Nullable = false };
        if (part == "remove" && value is ExpressionValue expression)
        {
            // One id or a list of them: the expression's own type tells.
            var bound = context.Session.Expressions.Bind(expression.Expression, context.Scope.Names, place.Options);
            var item = bound.Type.Kind == ExprKind.List ? bound with { Type = bound.Type.Item!.Kind == ExprKind.Nothing ? ExprType.Any : bound.Type.Item } : bound;
            ValueFitCheck.Check(item, place, context.Problems);
            return values.Add(bound);
        }

        return values.Add(context.Session.Values.Bind(value, place, context.Scope.Names));
    }
}

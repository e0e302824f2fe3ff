using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Compilation.Steps;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;

namespace WorkflowEngine.Compilation.Checks;

/// <summary><c>once</c>: one field that the vendor can be asked for, with a key that is never null.</summary>
internal static class OnceCheck
{
    public static PlanFieldLine? Bind(SetBlock? once, StepDefinition step, EntityModel entity, StepContext context, MappingWriter values, bool may, out bool unique)
    {
        unique = false;
        if (once is null)
        {
            if (!OptionsCompiler.AcceptsDuplicates(step)) context.Problems.Add(MatchDiagnostics.OnceMissing(step.Activity.Span, $"A new record of {entity.FullName}"));
            return null;
        }

        if (once.Lines.Count != 1) context.Problems.Add(MatchDiagnostics.OnceShape(once.KeySpan));
        PlanFieldLine? plan = null;
        foreach (var line in once.Lines)
        {
            if (FieldCheck.Resolve(entity, line.Name, context.Problems) is not { } field)
            {
                LooseCheck.Value(line.Value, context);
                continue;
            }

            if (!field.Searchable)
            {
                var can = entity.Descriptor.Fields.Where(f => f.Search != SearchForm.None && f.Creatable).Select(f => f.Name).ToArray();
                context.Problems.Add(FieldDiagnostics.NotSearchable(line.Name.Span, entity.FullName, field.Path, can));
            }

            if (may) WritableCheck.Check(field, line.Name.Span, SetHalf.Create, context.Problems);
            var place = ValuePlace.Compared(field, AnalysisOptions.Key) with { Nullable = false };
            unique = field.Field is { ExternalId: true, Unique: true };
            plan = new PlanFieldLine
            {
                Path = field.Path,
                Field = field.Field,
                Value = values.Add(context.Session.Values.Bind(line.Value, place, context.Scope.Names)),
                Place = ExpressionBinder.Place(line.Name.Span),
            };
        }

        return plan;
    }
}

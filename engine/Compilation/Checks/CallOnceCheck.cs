using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Compilation.Steps;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;

namespace WorkflowEngine.Compilation.Checks;

/// <summary><c>once</c> of a call: an input that the record it makes can be found by, or a key that the engine remembers.</summary>
internal static class CallOnceCheck
{
    private static readonly FieldDescriptor Remembered = new() { Name = CallInstruction.OnceKey, Type = FieldType.Of(FieldKind.Text) };

    /// <summary>The key; <paramref name="made"/> is the record by which the vendor is asked. Null when there is none, or it cannot be used.</summary>
    public static PlanFieldLine? Bind(CallStep step, OperationDescriptor operation, ConnectionModel connection, StepContext context, MappingWriter values, out EntityModel? made)
    {
        made = null;
        if (step.Once is not { } once) return null;
        if (once.Lines is not [var line])
        {
            context.Problems.Add(MatchDiagnostics.OnceShape(once.KeySpan));
            LooseCheck.Lines(once.Lines, context);
            return null;
        }

        var name = line.Name.Value;
        var field = Remembered;
        if (operation.Makes is { } makes && makes.By.ContainsKey(name) && operation.Input.FirstOrDefault(f => f.Name == name) is { } input)
        {
            made = connection.Entity(makes.Entity);
            field = input;
            if (step.With?.Lines.FirstOrDefault(l => l.Name.Value == name) is { } twice) context.Problems.Add(MatchDiagnostics.OnceSetTwice(twice.Name.Span, name));
        }
        else if (name != CallInstruction.OnceKey)
        {
            context.Problems.Add(MatchDiagnostics.OnceUnknown(line.Name.Span, name, operation.Name, [.. operation.Makes?.By.Keys ?? []]));
        }

        var place = new ValuePlace { Name = $"'{name}' of 'once'", Type = field.Type, Connection = connection.Name, Nullable = false, Options = AnalysisOptions.Key, Leaves = true };
        return new PlanFieldLine { Path = name, Field = field, Value = values.Add(context.Session.Values.Bind(line.Value, place, context.Scope.Names)), Place = ExpressionBinder.Place(line.Name.Span) };
    }
}

using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>call</c>: a connector's named operation.</summary>
internal static class CallCompiler
{
    public static StepResult Compile(CallStep step, StepContext context)
    {
        var session = context.Session;
        var with = new WithBinder(session, context.Scope.Names);
        if (session.Catalog.Connection(step.Operation.Connection, session.Problems) is not { } connection)
        {
            with.Bind(step.With, "The operation", step.Activity.Span, null);
            LooseCheck.Lines(step.Once?.Lines, context);
            return StepResult.Unknown;
        }

        var name = step.Operation.Operation;
        if (connection.Connector.Operations.FirstOrDefault(o => o.Name == name.Value) is not { } operation)
        {
            session.Problems.Add(BindingDiagnostics.UnknownOperation(name.Span, connection.Name, name.Value, [.. connection.Connector.Operations.Select(o => o.Name)]));
            with.Bind(step.With, "The operation", step.Activity.Span, null);
            LooseCheck.Lines(step.Once?.Lines, context);
            return StepResult.Unknown;
        }

        session.NeedsCheckpoint = true;
        var values = new MappingWriter(context.Scope);
        var lines = new List<PlanFieldLine>();
        var once = CallOnceCheck.Bind(step, operation, connection, context, values, out var made);
        if (made is not null) lines.Add(once!);
        // What 'once' gives need not be given again.
        var taken = TakenValue.Of(operation.Input, connection.Name).Select(t => made is not null && t.Name == once!.Path ? t with { Required = false } : t).ToArray();
        foreach (var (input, value) in with.Bind(step.With, $"The operation {operation.Name}", step.Activity.Span, taken))
        {
            if (made is not null && input == once!.Path) continue;

            if (operation.Input.FirstOrDefault(f => f.Name == input) is not { } field) continue;
            lines.Add(new PlanFieldLine { Path = input, Field = field, Value = values.Add(value), Place = ExpressionBinder.Place(value.Span) });
        }

        if (step.Once is null && !operation.Repeatable && OptionsCompiler.AcceptsDuplicates(step))
        {
            // Twice does no harm, the author says: a lost answer is asked for again.
            operation = operation with { Repeatable = true };
        }
        else if (step.Once is null && !operation.Repeatable)
        {
            session.Problems.Add(MatchDiagnostics.OnceMissing(step.Activity.Span, $"The operation {operation.Name} must not happen twice and"));
        }

        var instruction = new CallInstruction
        {
            Step = context.Head with { Options = OptionsCompiler.Bind(step, connection, context, values) },
            Connection = connection.Name,
            Operation = operation,
            Values = values.Build(),
            With = lines,
            Once = once,
            Made = made?.Descriptor,
            MadeSelect = made is null ? [] : [.. operation.Makes!.Output.Values.Append(operation.Makes.By[once!.Path]).Append(made.Descriptor.IdField).Distinct(StringComparer.Ordinal)],
        };
        return new StepResult(instruction, step.Once is null ? Output(operation, connection) : OnceOutput(operation, connection, made));
    }

    /// <summary>What was done before is not all known any more: only what can be read again.</summary>
    private static ExprType OnceOutput(OperationDescriptor operation, ConnectionModel connection, EntityModel? made)
    {
        var fields = operation.Output.ToDictionary(f => f.Name, f =>
        {
            var type = FieldTypes.ToExpr(f.Type, connection.Name);
            return f.Nullable || made is null || !operation.Makes!.Output.ContainsKey(f.Name) ? type.OrNull() : type;
        }, StringComparer.Ordinal);
        fields[CallInstruction.Existed] = ExprType.Boolean;
        return ExprType.Object(null, fields);
    }

    private static ExprType Output(OperationDescriptor operation, ConnectionModel connection) => operation.Output.Count == 0
        ? ExprType.Null
        : ExprType.Object(null, operation.Output.ToDictionary(
            f => f.Name,
            f => f.Nullable ? FieldTypes.ToExpr(f.Type, connection.Name).OrNull() : FieldTypes.ToExpr(f.Type, connection.Name),
            StringComparer.Ordinal));
}

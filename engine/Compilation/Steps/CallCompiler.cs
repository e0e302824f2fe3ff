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
        foreach (var (input, value) in with.Bind(step.With, $"The operation {operation.Name}", step.Activity.Span, TakenValue.Of(operation.Input, connection.Name)))
        {
            if (operation.Input.FirstOrDefault(f => f.Name == input) is not { } field) continue;
            lines.Add(new PlanFieldLine { Path = input, Field = field, Value = values.Add(value), Place = ExpressionBinder.Place(value.Span) });
        }

        if (step.Once is not null)
        {
            LooseCheck.Lines(step.Once.Lines, context);
            session.Plan.Later("'once' of a call", step.Once.KeySpan);
        }
        else if (!operation.Repeatable && OptionsCompiler.AcceptsDuplicates(step))
        {
            // Twice does no harm, the author says: a lost answer is asked for again.
            operation = operation with { Repeatable = true };
        }
        else if (!operation.Repeatable)
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
        };
        return new StepResult(instruction, Output(operation, connection));
    }

    private static ExprType Output(OperationDescriptor operation, ConnectionModel connection) => operation.Output.Count == 0
        ? ExprType.Null
        : ExprType.Object(null, operation.Output.ToDictionary(
            f => f.Name,
            f => f.Nullable ? FieldTypes.ToExpr(f.Type, connection.Name).OrNull() : FieldTypes.ToExpr(f.Type, connection.Name),
            StringComparer.Ordinal));
}

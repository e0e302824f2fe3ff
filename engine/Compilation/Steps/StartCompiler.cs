using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>start</c>: a durable hand-over to a flow under another key.</summary>
internal static class StartCompiler
{
    public static StepResult Compile(StartStep step, StepContext context)
    {
        var session = context.Session;
        session.NeedsCheckpoint = true;
        var values = new MappingWriter(context.Scope);
        var target = FlowInput.Find(step.Flow, session);
        var key = -1;
        if (step.Key is { } written)
        {
            var place = new ValuePlace { Name = "'key'", Type = FieldType.Of(FieldKind.Text), Nullable = false, Options = AnalysisOptions.Key };
            key = values.Add(session.Values.Bind(written, place, context.Scope.Names));
        }

        var at = step.At is { } time ? values.Add(session.Values.Bind(time, new ValuePlace { Name = "'at'", Type = FieldType.Of(FieldKind.Instant) }, context.Scope.Names)) : -1;
        var taken = target is null ? null : FlowInput.Of(target, session);
        var given = new WithBinder(session, context.Scope.Names).Bind(step.With, $"The flow '{step.Flow.Value}'", step.Activity.Span, taken);
        var with = given.Count == 0 ? -1 : values.Add(ValueBinder.ObjectOf(step.With!.Span, given));
        var mapping = values.Build();
        return mapping is null || key < 0
            ? new StepResult(null, ExprType.Null)
            : new StepResult(new StartInstruction { Step = context.Head with { Output = -1 }, Flow = step.Flow.Value, Values = mapping, Key = key, With = with, At = at }, ExprType.Null);
    }
}

using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>warn</c>: an incident that closes when its condition was checked and did not hold, so the condition belongs to the step.</summary>
internal static class WarnCompiler
{
    public static StepResult Compile(WarnStep step, StepContext context, ExpressionAnalysis? condition)
    {
        var values = new MappingWriter(context.Scope);
        values.Add(context.Session.Values.Bind(step.Message, EndCompiler.Message(step), context.Scope.Names));
        if (step.Key is { } key)
        {
            var place = new ValuePlace { Name = "'key'", Type = FieldType.Of(FieldKind.Text), Nullable = false, Options = AnalysisOptions.Key };
            values.Add(context.Session.Values.Bind(key, place, context.Scope.Names));
        }

        var instruction = new WarnInstruction
        {
            Step = context.Head,
            If = step.If is { } given ? MappingWriter.One(StepSequence.ConditionValue(given, condition), context.Scope) : null,
            Message = values.Build()!,
            HasKey = step.Key is not null,
        };
        return new StepResult(instruction, ExprType.Null);
    }
}

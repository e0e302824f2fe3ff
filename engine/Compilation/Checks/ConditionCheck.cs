using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>What <c>if</c>, <c>when</c> and <c>filter</c> take is boolean, and not always the same.</summary>
internal static class ConditionCheck
{
    public static ExpressionAnalysis Analyze(FlowSession session, ExpressionText text, NameScope scope)
    {
        var analysis = session.Expressions.Analyze(text, scope, AnalysisOptions.Condition);
        if (!analysis.HasErrors && analysis.ConstantBoolean is { } constant)
        {
            session.Problems.Add(FlowDiagnostics.ConstantCondition(text.Span, constant));
        }

        return analysis;
    }
}

using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Library;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>The name of a loop's item hides nothing.</summary>
internal static class LoopNameCheck
{
    public static void Check(Located<string> name, StepScope scope, FlowSession session)
    {
        if (ExpressionLibrary.ReservedNames.Contains(name.Value))
        {
            session.Problems.Add(BindingDiagnostics.ReservedName(name.Span, name.Value, "An item"));
        }
        else if (scope.Names.TryGet(name.Value, out _) || session.StepIds.ContainsKey(name.Value))
        {
            session.Problems.Add(FlowDiagnostics.NameTaken(name.Span, name.Value));
        }
    }
}

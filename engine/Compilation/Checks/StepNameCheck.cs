using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Library;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>A step's id is no name that the language uses itself.</summary>
internal static class StepNameCheck
{
    public static void Check(StepDefinition step, FlowSession session)
    {
        if (step.Id is not { } id) return;
        if (ExpressionLibrary.ReservedNames.Contains(id.Value)) session.Problems.Add(BindingDiagnostics.ReservedName(id.Span, id.Value, "A step"));
    }
}

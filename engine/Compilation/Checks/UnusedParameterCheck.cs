using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>A parameter that is asked for is read somewhere.</summary>
internal static class UnusedParameterCheck
{
    public static void Check(FlowSession session)
    {
        foreach (var parameter in session.Flow.Parameters)
        {
            if (!session.Expressions.ReadParameters.Contains(parameter.Name.Value))
            {
                session.Problems.Add(RequiresDiagnostics.UnusedParameter(parameter.Name.Span, parameter.Name.Value));
            }
        }
    }
}

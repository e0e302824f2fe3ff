using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation;

/// <summary>A compiled flow, or why there is none.</summary>
/// <param name="Flow">Null when there is an error among the diagnostics.</param>
/// <param name="Diagnostics">All findings, by file and place.</param>
public sealed record CompileResult(CompiledFlow? Flow, IReadOnlyList<Diagnostic> Diagnostics)
{
    public bool HasErrors => Flow is null;
}

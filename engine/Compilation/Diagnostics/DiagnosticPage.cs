using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Diagnostics;

/// <summary>What a code means, for documentation: a line that causes it and the line as it should be.</summary>
public sealed record DiagnosticPage(string Code, DiagnosticSeverity Severity, string Meaning, string Example, string Fix);

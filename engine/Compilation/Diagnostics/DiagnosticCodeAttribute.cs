using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Diagnostics;

/// <summary>Gives the method that makes a diagnostic its code and its page: what it means, a line that causes it, and the line as it should be.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DiagnosticCodeAttribute(string code, string meaning, string example, string fix) : Attribute
{
    public string Code { get; } = code;

    public string Meaning { get; } = meaning;

    public string Example { get; } = example;

    public string Fix { get; } = fix;

    public DiagnosticSeverity Severity { get; init; } = DiagnosticSeverity.Error;
}

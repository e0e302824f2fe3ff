using WorkflowEngine.Definitions;

namespace WorkflowEngine.Api;

/// <summary>A finding of the compiler. Line and column from 1, offset in UTF-16 units from 0.</summary>
public sealed record DiagnosticView(string Code, string Severity, string Path, int Line, int Column, int Offset, int Length, string Message, string? Hint)
{
    public static DiagnosticView Of(Diagnostic finding) => new(
        finding.Code, DiagnosticRenderer.Word(finding.Severity), finding.Path, finding.Position.Line, finding.Position.Column, finding.Span.Offset, finding.Span.Length,
        finding.Message, finding.Hint);
}

namespace WorkflowEngine.Definitions;

public enum DiagnosticSeverity
{
    Info,
    Warning,
    Error,
}

/// <summary>Text edits, all in the diagnostic's own file, that answer it.</summary>
public sealed record DiagnosticFix(string Title, IReadOnlyList<TextEdit> Edits);

/// <summary>
/// One finding about what an author wrote. A value, never thrown. Codes are stable and never used again for something else:
/// WF1xxx reading the file, WF2xxx binding, WF3xxx expressions, WF4xxx flow rules. Made only by named methods, one per code.
/// </summary>
/// <param name="Message">What is wrong and what was expected, one sentence without a final line break.</param>
/// <param name="Hint">How to go on; null where the message says it all.</param>
public sealed record Diagnostic(
    string Code,
    DiagnosticSeverity Severity,
    SourceSpan Span,
    string Message,
    string? Hint = null,
    DiagnosticFix? Fix = null)
{
    /// <summary>The source line holds something that must not be shown again, such as a secret.</summary>
    public bool HidesSource { get; init; }

    public SourceText Source => Span.Source;

    public string Path => Span.Source.Path;

    public LinePosition Position => Span.Start;

    public bool IsError => Severity == DiagnosticSeverity.Error;

    public override string ToString() => $"{Path}:{Position}: {DiagnosticRenderer.Word(Severity)} {Code}: {Message}";
}

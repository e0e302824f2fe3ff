namespace WorkflowEngine.Definitions;

/// <summary>
/// WF1020–WF1049, YAML's traps: the file says something else to YAML than to its author. Each shows the line as it should be
/// and carries the edits that make it so. One method per code.
/// </summary>
internal static class TrapDiagnostics
{
    private const int MostShown = 300;

    public static Diagnostic ColonInExpression(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1020", span, "YAML takes the ': ' in this expression for the end of a key; the expression must be quoted.", fix);

    public static Diagnostic HashInExpression(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1021", span, "YAML takes the ' #' in this expression for a comment; the expression must be quoted.", fix);

    public static Diagnostic ExpressionCut(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1022", span, "Inside { } or [ ] YAML cuts this expression at a comma or bracket; the expression must be quoted.", fix);

    public static Diagnostic GluedComment(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1023", span, "A comment needs a space before its #; without it it is a part of the value.", fix);

    public static Diagnostic ExclamationIsTag(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1024", span, "YAML takes a value that begins with ! for a tag; an expression begins with =.", fix);

    public static Diagnostic StarIsAlias(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1025", span, "YAML takes a value that begins with * for an alias; it must be quoted.", fix);

    public static Diagnostic TabIndentation(SourceSpan span, int lines, DiagnosticFix fix) =>
        Error("WF1026", span, lines == 1 ? "A line is indented with a tab; YAML takes spaces only." : $"{lines} lines are indented with tabs, here is the first; YAML takes spaces only.", fix);

    public static Diagnostic UnclosedQuote(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1027", span, "The quote that begins here is not closed.", fix);

    public static Diagnostic UnclosedBracket(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1028", span, $"The bracket that opens here is not closed: '{(span.Text == "[" ? ']' : '}')}' is missing.", fix);

    public static Diagnostic ColonInText(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1029", span, "YAML takes the ': ' in this text for the end of a key; the text must be quoted.", fix);

    public static Diagnostic ReservedStart(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1030", span, $"A text cannot begin with '{span.Text[0]}' in YAML; it must be quoted.", fix);

    public static Diagnostic TextAfterQuote(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1031", span, "The quote ends before the text does; quotes inside quotes are written twice.", fix);

    public static Diagnostic TextAfterBracket(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1032", span, "YAML takes a text that begins with a bracket for a list or mapping; it must be quoted.", fix);

    public static Diagnostic TextCut(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1033", span, "Inside { } or [ ] YAML cuts this text at a comma or bracket; the text must be quoted.", fix);

    public static Diagnostic BacktickWithoutEquals(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1034", span, "A template string is an expression: it begins with =` and must be quoted.", fix);

    public static Diagnostic NoSpaceAfterColon(SourceSpan span, DiagnosticFix fix) =>
        Error("WF1035", span, "A key's colon needs a space behind it.", fix);

    /// <summary>Its fix is only the likeliest of several.</summary>
    public static bool IsGuess(Diagnostic diagnostic) => diagnostic.Code is "WF1027" or "WF1028";

    private static Diagnostic Error(string code, SourceSpan span, string message, DiagnosticFix fix) =>
        new(code, DiagnosticSeverity.Error, span, message, Corrected(span, fix), fix);

    // The line as it should be. A mending of many lines is too long to show.
    private static string Corrected(SourceSpan span, DiagnosticFix fix)
    {
        var source = span.Source;
        var first = fix.Edits.Min(e => e.Offset);
        var last = fix.Edits.Max(e => e.Offset + e.Length);
        var (from, to) = (source.PositionOf(first).Line, source.PositionOf(last).Line);
        if (to - from > 2)
        {
            return $"{fix.Title}; 'flow format' does it.";
        }

        var start = source.Content.LastIndexOf('\n', Math.Max(0, Math.Min(first, source.Content.Length) - 1)) + 1;
        start = first == 0 ? 0 : start;
        var end = source.Content.IndexOf('\n', Math.Min(last, source.Content.Length));
        end = end < 0 ? source.Content.Length : end;
        if (end - start > MostShown)
        {
            return $"{fix.Title}; 'flow format' does it.";
        }

        var lines = source.Content[start..end];
        var corrected = TextEdit.Apply(lines, fix.Edits.Select(e => e with { Offset = e.Offset - start }));
        var indent = corrected.Length - corrected.TrimStart(' ').Length;
        var shown = string.Join('\n', corrected.Replace("\r", "").Split('\n').Select(l => l.Length >= indent && string.IsNullOrWhiteSpace(l[..indent]) ? l[indent..] : l));
        return shown.Length > MostShown ? $"{fix.Title}; 'flow format' does it." : $"Write: {shown}";
    }
}

using System.Text;

namespace WorkflowEngine.Definitions;

/// <summary>The plain text form: <c>path:line:column: error WF2104: message</c>, the source line, a marker below it, the hint.</summary>
public static class DiagnosticRenderer
{
    private const int MostColumns = 200;

    public static string Word(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        _ => "info",
    };

    public static string Render(IEnumerable<Diagnostic> diagnostics)
    {
        var result = new StringBuilder();
        foreach (var diagnostic in diagnostics)
        {
            Render(diagnostic, result);
        }

        return result.ToString();
    }

    public static string Render(Diagnostic diagnostic)
    {
        var result = new StringBuilder();
        Render(diagnostic, result);
        return result.ToString();
    }

    /// <summary>The marker for a span on its first line: spaces (tabs kept), then ^ and as many ~ as the span is long there.</summary>
    public static string Marker(SourceSpan span)
    {
        var start = span.Start;
        var line = span.Source.LineAt(start.Line);
        var from = Math.Min(start.Column - 1, line.Length);
        var length = Math.Clamp(span.Length, 1, Math.Max(1, line.Length - from));
        var lead = string.Concat(line[..from].Select(c => c == '\t' ? '\t' : ' '));
        return $"{lead}^{new string('~', length - 1)}";
    }

    private static void Render(Diagnostic diagnostic, StringBuilder result)
    {
        result.Append(diagnostic).Append('\n');
        var number = diagnostic.Position.Line;
        var line = diagnostic.Source.LengthOfLine(number) > MostColumns + 2 ? "" : diagnostic.Source.LineAt(number);
        if (!diagnostic.HidesSource && line.Length > 0 && line.Length <= MostColumns && !line.Any(c => (char.IsControl(c) && c != '\t') || c is '\u2028' or '\u2029'))
        {
            result.Append("    ").Append(line).Append('\n');
            result.Append("    ").Append(Marker(diagnostic.Span)).Append('\n');
        }

        if (diagnostic.Hint is { } hint)
        {
            result.Append("    hint: ").Append(hint.Replace("\n", "\n      ")).Append('\n');
        }
    }
}

using System.Text.RegularExpressions;

namespace WorkflowEngine.Definitions;

/// <summary>
/// The lines of a file on which secrets stand or may stand, told from the text alone, because a file that YAML cannot read has no nodes.
/// What is said about them shows neither the line nor any part of it.
/// </summary>
internal static partial class SecretLines
{
    public static IReadOnlyList<Diagnostic> Hide(SourceText source, IReadOnlyList<Diagnostic> diagnostics)
    {
        if (diagnostics.All(d => d.HidesSource) || Find(source) is not { Count: > 0 } secret)
        {
            return diagnostics;
        }

        return [.. diagnostics.Select(d => !d.HidesSource && Touches(d, secret) ? Hidden(d) : d)];
    }

    // The same finding without anything that may be a part of a secret.
    private static Diagnostic Hidden(Diagnostic diagnostic) => diagnostic with
    {
        Message = "Something is wrong in the lines of the secrets; they are not shown.",
        Hint = "A secret is named by its environment variable, for example: clientSecret: { env: SF_CLIENT_SECRET }",
        Fix = null,
        HidesSource = true,
    };

    // A mending is shown with all lines from its first edit to its last.
    private static bool Touches(Diagnostic diagnostic, List<(int First, int Last)> secret)
    {
        var edits = diagnostic.Fix?.Edits ?? [];
        var from = edits.Select(e => e.Offset).Append(diagnostic.Span.Offset).Min();
        var to = edits.Select(e => e.Offset + e.Length).Append(diagnostic.Span.End).Max();
        var (first, last) = (diagnostic.Source.PositionOf(from).Line, diagnostic.Source.PositionOf(to).Line);
        return secret.Any(s => s.First <= last && s.Last >= first);
    }

    // From the line of the key to the line before the next one that is indented no more.
    private static List<(int First, int Last)> Find(SourceText source)
    {
        var found = new List<(int First, int Last)>();
        for (var line = 1; line <= source.LineCount; line++)
        {
            var text = source.LineAt(line);
            if (!SecretKey().IsMatch(text))
            {
                continue;
            }

            var first = line;
            while (line < source.LineCount && (string.IsNullOrWhiteSpace(source.LineAt(line + 1)) || Indent(source.LineAt(line + 1)) > Indent(text)))
            {
                line++;
            }

            found.Add((first, line));
        }

        return found;
    }

    private static int Indent(string line) => line.Length - line.TrimStart(' ', '\t').Length;

    [GeneratedRegex("(?<![A-Za-z0-9_])(secrets|hookToken)[\"']?[ \\t]*(:|$)", RegexOptions.CultureInvariant)]
    private static partial Regex SecretKey();
}

namespace WorkflowEngine.Definitions;

/// <summary>WF1000–WF1099, reading the file as YAML: one method per code, and no diagnostic of these codes is made elsewhere.</summary>
internal static class SyntaxDiagnostics
{
    // What the parser says, and what an author can do with it.
    private static readonly (string Part, string Message, string Hint)[] ParserMessages =
    [
        ("did not find expected key", "This line fits nowhere: no key was expected at this indentation.", "Keys of one mapping begin in one column; compare with the lines above."),
        ("found invalid mapping", "A key stands where the text above goes on.", "Is this line indented too far, or is a text with ': ' in it not quoted?"),
        ("did not find expected '-'", "This line fits nowhere: an item of the list was expected at this indentation.", "An item begins with '- '; compare the indentation with the lines above."),
        ("mapping values are not allowed", "A ':' stands where no key can end.", "Quote a text that holds ': ', or begin a new line for a new key."),
        ("could not find expected ':'", "A key was expected here, but its ':' is missing.", "A key ends with ': ', for example: title: Customers"),
        ("block sequence entries are not allowed", "A list cannot begin on the line of its key.", "Begin the list on the next line, or write it in brackets: [a, b]"),
        ("unknown escape", "In double quotes a backslash begins an escape, and this one is not known.", "Write the backslash twice, or use single quotes."),
        ("expected ',' or", "In brackets a ',' or the closing bracket was expected here.", "Quote a text or expression that holds commas, brackets or ': '."),
        ("is not closed", "A list or mapping is not closed.", "Look for a '[' or '{' without its closing bracket."),
    ];

    public static Diagnostic NotText(SourceSpan span) =>
        Error("WF1001", span, "This is not a text file: it holds a character that no text has.", "Save the file as UTF-8 text.");

    public static Diagnostic TooLarge(SourceText source, int length, int most) =>
        Error("WF1002", source.SpanOf(0, 0), $"The file has {length:N0} characters; at most {most:N0} are read.", "Long tables belong in a CSV file.");

    public static Diagnostic EmptyFile(SourceText source) =>
        Error("WF1003", source.SpanOf(0, 0), "The file is empty.", "A flow begins with a line such as 'flow: customer-to-salesforce'.");

    public static Diagnostic TooDeep(SourceSpan span, int most) =>
        Error("WF1004", span, $"Mappings and lists are nested more than {most} levels deep.", "Move inner steps to a flow of their own and call it with 'flow:'.");

    public static Diagnostic YamlSyntax(SourceSpan span, string problem)
    {
        foreach (var (part, message, hint) in ParserMessages)
        {
            if (problem.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return Error("WF1005", span, message, hint);
            }
        }

        return Error("WF1005", span, $"This is not valid YAML here: {problem.TrimEnd('.')}.", "Compare the indentation and quoting with the lines above.");
    }

    public static Diagnostic UnusualLineBreak(SourceSpan span, char c) =>
        Error("WF1006", span, $"A line is broken by U+{(int)c:X4}; only LF and CRLF are read.", $"Save the file with usual line ends; in a text write \"\\u{(int)c:X4}\" in double quotes.");

    public static Diagnostic TooManyMistakes(SourceSpan span, int most) =>
        Error("WF1007", span, $"From here on mistakes are not shown: there are {most} already.", "Mend the first ones; often one of them is the cause of many.");

    public static Diagnostic TooManyValues(SourceSpan span, int most) =>
        Error("WF1008", span, $"The file has more than {most:N0} values.", "Long tables belong in a CSV file.");

    public static Diagnostic TooTangled(SourceSpan span) =>
        Error("WF1009", span, "From here on the file is not read: too many brackets or quotes are open.", "Close the brackets and quotes named above, then check again.");

    public static Diagnostic Anchor(SourceSpan span, string name) =>
        Error("WF1010", span, $"YAML anchors are not read ('&{name}').", "Write the value where it is needed; lines shared by steps go to a mappings file (setFrom).");

    public static Diagnostic Alias(SourceSpan span, string name) =>
        Error("WF1011", span, $"YAML aliases are not read ('*{name}').", "Write the value itself; a text that begins with * is quoted.");

    public static Diagnostic Tag(SourceSpan span, string tag) =>
        Error("WF1012", span, $"YAML tags are not read ('{tag.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal)}').", "Remove the tag; a text that begins with ! is quoted, an expression begins with =.");

    public static Diagnostic MergeKey(SourceSpan span) =>
        Error("WF1013", span, "YAML merge keys ('<<') are not read.", "Write the lines themselves; lines shared by steps go to a mappings file (setFrom).");

    public static Diagnostic SeveralDocuments(SourceSpan span) =>
        Error("WF1014", span, "A second document begins here; a file holds one.", "Remove the line '---' or move what follows to a file of its own.");

    public static Diagnostic DuplicateKey(SourceSpan span, string key, LinePosition first) =>
        Error("WF1015", span, $"The key '{key}' is written twice; it stands on line {first.Line} already.", "Remove one of the two.");

    public static Diagnostic EmptyValue(SourceSpan span, string key) =>
        Error("WF1016", span, $"The key '{key}' has no value.", $"Write '{key}: null' if null is meant, or remove the key.");

    public static Diagnostic EmptyItem(SourceSpan span) =>
        Error("WF1017", span, "An item of the list has no value.", "Write 'null' if null is meant, or remove the item.");

    public static Diagnostic KeyNotText(SourceSpan span) =>
        Error("WF1018", span, "A key must be text, not a mapping, a list or an alias.", "An expression that begins with { or [ is quoted: '={ … }'.");

    private static Diagnostic Error(string code, SourceSpan span, string message, string? hint, DiagnosticFix? fix = null) =>
        new(code, DiagnosticSeverity.Error, span, message, hint, fix);
}

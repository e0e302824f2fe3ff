using System.Text.RegularExpressions;

namespace WorkflowEngine.Definitions;

/// <summary>
/// Finds YAML's traps before the parser steps into them: walks the lines of block mappings and lists, knows what is inside
/// quotes, blocks, braces and comments, and looks at each value's beginning. Rules only fire where YAML itself would fail or
/// read something else than is written, so a sound file never changes.
/// </summary>
internal sealed partial class TrapScanner
{
    private readonly TrapFindings findings;
    private readonly FlowCollectionScanner collections;
    private readonly List<TextEdit> tabs = [];
    private readonly string content;
    private int tabLines;
    private int firstTab = -1;
    private int lastKeyColumn = -1;
    private bool lastKeyHadValue;

    private TrapScanner(SourceText source)
    {
        findings = new TrapFindings(source);
        collections = new FlowCollectionScanner(findings);
        content = source.Content;
    }

    public static TrapScan Scan(SourceText source)
    {
        var scanner = new TrapScanner(source);
        scanner.Lines();
        return scanner.findings.Result();
    }

    private void Lines()
    {
        var at = 0;
        if (content.StartsWith('\uFEFF'))
        {
            findings.AddEdit(new TextEdit(0, 1, ""));
            at = 1;
        }

        while (at < content.Length && !findings.Hopeless)
        {
            at = Line(at);
        }

        if (firstTab >= 0)
        {
            findings.Add((span, fix) => TrapDiagnostics.TabIndentation(span, tabLines, fix), firstTab, firstTab + 1, "Indent with spaces", tabs);
        }
    }

    private int Line(int lineStart)
    {
        var at = findings.SkipBlanks(lineStart);
        if (findings.AtLineEnd(at) || content[at] == '#' || (at == lineStart && content[at] == '%'))
        {
            return findings.NextLine(at);
        }

        // Inside braces tabs are allowed: a line that begins with one is then no line of a block.
        if (content.AsSpan(lineStart, at - lineStart).Contains('\t') && content[at] is not ('{' or '['))
        {
            Tab(lineStart, at);
        }

        if (at == lineStart && (content.AsSpan(at).StartsWith("---") || content.AsSpan(at).StartsWith("...")) && findings.IsBlank(at + 3))
        {
            at = findings.SkipBlanks(at + 3);
            return findings.AtLineEnd(at) ? findings.NextLine(at) : Entry(at, at, parentIndent: -1);
        }

        return Entry(at, lineStart, parentIndent: -1);
    }

    // A list item, a key with its value, or a value alone. Gives the start of the next line to look at.
    private int Entry(int at, int lineStart, int parentIndent)
    {
        var column = at - lineStart;
        while (at < content.Length && content[at] == '-' && findings.IsBlank(at + 1))
        {
            parentIndent = at - lineStart;
            lastKeyColumn = parentIndent;
            at = findings.SkipBlanks(at + 1);
            column = at - lineStart;
            lastKeyHadValue = !findings.AtLineEnd(at);
            if (findings.AtLineEnd(at) || findings.AtComment(at))
            {
                return findings.NextLine(at);
            }
        }

        var keyEnd = KeyEnd(at);
        if (keyEnd < 0)
        {
            return NoSpaceAfterColon(at, column) ? findings.NextLine(at) : Value(at, parentIndent, isKeyed: false);
        }

        var value = findings.SkipBlanks(keyEnd + 1);
        lastKeyColumn = column;
        lastKeyHadValue = !findings.AtLineEnd(value) && !findings.AtComment(value);
        return lastKeyHadValue ? Value(value, column, isKeyed: true) : findings.NextLine(value);
    }

    // The offset of the colon behind a key that begins here, or -1.
    private int KeyEnd(int at)
    {
        if (content[at] is '\'' or '"')
        {
            var end = findings.QuoteEnd(at, int.MaxValue - 1);
            end = end < 0 ? -1 : findings.SkipBlanks(end);
            return end >= 0 && end < content.Length && content[end] == ':' && findings.IsBlank(end + 1) ? end : -1;
        }

        if (content[at] is '=' or '{' or '[' or '|' or '>' or '!' or '&' or '@' or '`' or '%' || findings.IsStar(at))
        {
            return -1;
        }

        var lineEnd = findings.PlainEnd(at);
        for (var i = at; i < lineEnd; i++)
        {
            if (content[i] == ':' && findings.IsBlank(i + 1))
            {
                return i;
            }
        }

        return -1;
    }

    private int Value(int at, int parentIndent, bool isKeyed)
    {
        switch (content[at])
        {
            case '|' or '>' when BlockHeader().IsMatch(content[at..findings.LineEnd(at)]):
                return AfterBlock(findings.NextLine(at), parentIndent);
            case '\'' or '"':
                return Quoted(at, parentIndent);
            case '{' or '[':
                return Collection(at, parentIndent);
            case '=':
                var end = findings.Expression(at, inFlow: false, parentIndent);
                return findings.NextLine(Math.Max(at, end));
            case '!' when at + 1 < content.Length && content[at + 1] is not ('!' or '<'):
                if (!LooksLikeExpression().IsMatch(content[at..findings.PlainEnd(at)]))
                {
                    return Reserved(at);
                }

                return findings.NextLine(findings.Forgotten(at, inFlow: false, parentIndent));
            case '`':
                return findings.NextLine(findings.Forgotten(at, inFlow: false, parentIndent));
            case '*' when findings.IsStar(at):
                var last = findings.PlainEnd(at);
                findings.Add(TrapDiagnostics.StarIsAlias, at, last, "Put the text in quotes", Mend.Fitting(content, at, last, false, parentIndent));
                return findings.NextLine(at);
            case '@' or '%' or ',' or ']' or '}':
            case '&' when findings.IsBlank(at + 1):
                return Reserved(at);
            default:
                return isKeyed ? PlainText(at, parentIndent) : findings.NextLine(at);
        }
    }

    private int Reserved(int at)
    {
        var end = findings.PlainEnd(at);
        findings.Add(TrapDiagnostics.ReservedStart, at, end, "Put the text in quotes", Mend.Quote(content, at, end));
        return findings.NextLine(at);
    }

    private int PlainText(int at, int parentIndent)
    {
        var end = findings.PlainEnd(at);
        for (var i = at; i < end; i++)
        {
            if (content[i] == ':' && findings.IsBlank(i + 1))
            {
                findings.Add(TrapDiagnostics.ColonInText, at, end, "Put the text in quotes", Mend.Fitting(content, at, end, false, parentIndent));
                break;
            }
        }

        return findings.NextLine(at);
    }

    private int AfterBlock(int at, int parentIndent)
    {
        while (at < content.Length)
        {
            var text = at;
            while (text < content.Length && content[text] == ' ')
            {
                text++;
            }

            if (text - at <= parentIndent && !findings.AtLineEnd(text))
            {
                return at;
            }

            at = findings.NextLine(text);
        }

        return at;
    }

    private int Quoted(int at, int parentIndent)
    {
        var end = findings.QuoteEnd(at, parentIndent);
        if (end < 0)
        {
            var stop = findings.PlainEnd(at);
            findings.Add(TrapDiagnostics.UnclosedQuote, at, stop, "Close the quote", [new TextEdit(stop, 0, content[at].ToString())]);
            return findings.NextLine(at);
        }

        var rest = findings.SkipBlanks(end);
        if (findings.AtLineEnd(rest) || findings.AtComment(rest))
        {
            return findings.NextLine(rest);
        }

        if (content[rest] == '#')
        {
            findings.Add(TrapDiagnostics.GluedComment, rest, rest + 1, "Put a space before the #", [new TextEdit(rest, 0, " ")]);
        }
        else
        {
            var last = findings.PlainEnd(rest);
            findings.Add(TrapDiagnostics.TextAfterQuote, at, last, "Quote the whole text", WholeQuoted(at, last));
        }

        return findings.NextLine(rest);
    }

    private List<TextEdit> WholeQuoted(int start, int end)
    {
        // 'a 'b' c' was meant as one text: the quotes inside are doubled. Anything else is quoted as it stands.
        if (content[start] != '\'' || content[end - 1] != '\'' || end - start < 3)
        {
            return Mend.Quote(content, start, end);
        }

        var edits = new List<TextEdit>();
        for (var i = start + 1; i < end - 1; i++)
        {
            if (content[i] == '\'')
            {
                if (i + 1 < end - 1 && content[i + 1] == '\'')
                {
                    i++;
                    continue;
                }

                edits.Add(new TextEdit(i, 0, "'"));
            }
        }

        return edits.Count == 0 ? Mend.Quote(content, start, end) : edits;
    }

    private int Collection(int at, int parentIndent)
    {
        var end = collections.Scan(at, parentIndent);
        if (end < 0)
        {
            return collections.Next;
        }

        var rest = findings.SkipBlanks(end);
        if (findings.AtLineEnd(rest) || findings.AtComment(rest))
        {
            return findings.NextLine(rest);
        }

        if (content[rest] == '#')
        {
            findings.Add(TrapDiagnostics.GluedComment, rest, rest + 1, "Put a space before the #", [new TextEdit(rest, 0, " ")]);
        }
        else if (content[rest] != ':' && findings.LineEnd(at) >= rest && !collections.FoundAny)
        {
            var last = findings.PlainEnd(rest);
            findings.Add(TrapDiagnostics.TextAfterBracket, at, last, "Put the text in quotes", Mend.Quote(content, at, last));
        }

        return findings.NextLine(rest);
    }

    private bool NoSpaceAfterColon(int at, int column)
    {
        var isContinuation = lastKeyHadValue && column > lastKeyColumn;
        if (isContinuation || lastKeyColumn < 0 || KeyWithoutSpace().Match(content, at, findings.LineEnd(at) - at) is not { Success: true } match)
        {
            return false;
        }

        var colon = match.Groups[1].Index;
        findings.Add(TrapDiagnostics.NoSpaceAfterColon, colon, colon + 1, "Put a space after the colon", [new TextEdit(colon + 1, 0, " ")]);
        return true;
    }

    private void Tab(int lineStart, int at)
    {
        for (var i = lineStart; i < at; i++)
        {
            if (content[i] == '\t')
            {
                firstTab = firstTab < 0 ? i : firstTab;
                tabs.Add(new TextEdit(i, 1, "  "));
            }
        }

        tabLines++;
    }

    [GeneratedRegex(@"\A[|>][+-]?[1-9]?[+-]?[ \t]*(#.*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex BlockHeader();

    [GeneratedRegex(@"\A!\s*[(A-Za-z_$][A-Za-z0-9_$]*\s*[.?(&|=!)]", RegexOptions.CultureInvariant)]
    private static partial Regex LooksLikeExpression();

    [GeneratedRegex(@"\G[A-Za-z_][A-Za-z0-9_]*(:)[^\s:/]", RegexOptions.CultureInvariant)]
    private static partial Regex KeyWithoutSpace();
}

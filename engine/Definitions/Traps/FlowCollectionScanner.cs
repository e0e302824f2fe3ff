namespace WorkflowEngine.Definitions;

/// <summary>Walks one collection in braces or brackets, which may go over many lines.</summary>
internal sealed class FlowCollectionScanner(TrapFindings findings)
{
    private readonly Stack<int> open = new();
    private readonly string content = findings.Content;
    private int parentIndent;
    private bool inValue;
    private int lastValueStart;
    private int lastValueEnd;

    /// <summary>Where to go on after a collection that is not closed.</summary>
    public int Next { get; private set; }

    /// <summary>Whether something was found in the last collection: what then follows it is no longer judged.</summary>
    public bool FoundAny { get; private set; }

    private bool InMapping => content[open.Peek()] == '{';

    /// <summary>Behind the closing bracket, or -1 when there is none.</summary>
    public int Scan(int start, int indent)
    {
        open.Clear();
        parentIndent = indent;
        inValue = false;
        FoundAny = false;
        lastValueStart = -1;
        var at = start;
        while (at < content.Length && !findings.Hopeless)
        {
            var c = content[at];
            switch (c)
            {
                case '\n' when LeavesCollection(at + 1):
                    return Unclosed(at);
                case ' ' or '\t' or '\r' or '\n':
                    at++;
                    break;
                case '#' when findings.AtComment(at):
                    at = findings.LineEnd(at);
                    break;
                case ',':
                    inValue = !InMapping;
                    at++;
                    break;
                case ':':
                    inValue = true;
                    at++;
                    break;
                case '{' or '[':
                    open.Push(at);
                    if (open.Count > YamlReader.MostLevels)
                    {
                        findings.Add(SyntaxDiagnostics.TooDeep(findings.Span(at, at + 1), YamlReader.MostLevels));
                        findings.Hopeless = true;
                        Next = content.Length;
                        return -1;
                    }

                    inValue = c == '[';
                    lastValueStart = -1;
                    at++;
                    break;
                case '}' or ']':
                    at = Close(at);
                    if (open.Count == 0)
                    {
                        return at;
                    }

                    break;
                case '\'' or '"':
                    at = Quoted(at);
                    break;
                default:
                    at = Plain(at);
                    break;
            }
        }

        if (findings.Hopeless)
        {
            Next = content.Length;
            return -1;
        }

        return Unclosed(content.Length);
    }

    private int Close(int at)
    {
        var expected = content[at] == '}' ? '{' : '[';
        if (content[open.Peek()] != expected && open.Count > 1)
        {
            var inner = open.Pop();
            FoundAny = true;
            findings.Add(TrapDiagnostics.UnclosedBracket, inner, inner + 1, "Close the bracket", [new TextEdit(at, 0, content[inner] == '{' ? "}" : "]")]);
            return Close(at);
        }

        open.Pop();
        inValue = true;
        lastValueStart = -1;
        return at + 1;
    }

    // A line that is indented no more than the collection's own and begins a key or an item does not belong to it.
    private bool LeavesCollection(int lineStart)
    {
        var at = lineStart;
        while (at < content.Length && content[at] == ' ')
        {
            at++;
        }

        if (at - lineStart > parentIndent || findings.AtLineEnd(at) || content[at] is '}' or ']' or '#' or ',' or '\t')
        {
            return false;
        }

        if (content[at] == '-' && findings.IsBlank(at + 1))
        {
            return true;
        }

        var end = at;
        while (end < content.Length && (char.IsAsciiLetterOrDigit(content[end]) || content[end] is '_' or '.' or '-'))
        {
            end++;
        }

        return end > at && end < content.Length && content[end] == ':' && findings.IsBlank(end + 1);
    }

    private int Unclosed(int at)
    {
        var end = at;
        while (end > 0 && char.IsWhiteSpace(content[end - 1]))
        {
            end--;
        }

        // A comment at the end of the last line must not swallow the closing bracket.
        var lineStart = content.LastIndexOf('\n', Math.Max(0, end - 1)) + 1;
        end = Math.Max(findings.PlainEnd(Math.Max(lineStart, open.Peek())), open.Peek() + 1);
        var closing = string.Concat(open.Select(o => content[o] == '{' ? '}' : ']'));
        var opening = open.Last();
        findings.Add(TrapDiagnostics.UnclosedBracket, open.Peek(), open.Peek() + 1, "Close the bracket", [new TextEdit(end, 0, closing)]);
        FoundAny = true;
        Next = findings.NextLine(Math.Max(at - 1, opening));
        return -1;
    }

    private int Quoted(int at)
    {
        var end = findings.QuoteEnd(at, parentIndent);
        if (end < 0)
        {
            var stop = at + 1;
            while (!findings.AtLineEnd(stop) && content[stop] is not (',' or '}' or ']'))
            {
                stop++;
            }

            FoundAny = true;
            findings.Add(TrapDiagnostics.UnclosedQuote, at, stop, "Close the quote", [new TextEdit(stop, 0, content[at].ToString())]);
            return stop;
        }

        lastValueStart = -1;
        return end;
    }

    private int Plain(int at)
    {
        if (inValue)
        {
            switch (content[at])
            {
                case '=':
                    return Expression(at);
                case '!' when at + 1 < content.Length && (char.IsAsciiLetter(content[at + 1]) || content[at + 1] == '('):
                case '`':
                    FoundAny = true;
                    return findings.Forgotten(at, inFlow: true, parentIndent);
                case '*' when findings.IsStar(at):
                    return Quote(at, StarEnd(at), TrapDiagnostics.StarIsAlias);
                case '@' or '%':
                    return Quote(at, YamlEnd(at, stopAtColon: false), TrapDiagnostics.ReservedStart);
            }
        }

        var end = YamlEnd(at, stopAtColon: true);
        if (!inValue)
        {
            return Key(at, end);
        }

        if (end < content.Length && content[end] == ':' && InMapping)
        {
            return Quote(at, YamlEnd(at, stopAtColon: false), TrapDiagnostics.ColonInText);
        }

        if (end < content.Length && content[end] is '{' or '[')
        {
            return Quote(at, BracketedEnd(end), TrapDiagnostics.TextCut);
        }

        (lastValueStart, lastValueEnd) = (at, end);
        return Math.Max(end, at + 1);
    }

    private int Expression(int at)
    {
        var end = findings.Expression(at, inFlow: true, parentIndent);
        if (end >= 0)
        {
            FoundAny = true;
            lastValueStart = -1;
            return end;
        }

        end = YamlEnd(at, stopAtColon: true);
        (lastValueStart, lastValueEnd) = (at, end);
        return Math.Max(end, at + 1);
    }

    // What stands where a key should be and is none was cut off the text before it: { title: Hello, world }
    private int Key(int at, int end)
    {
        var isCutOff = InMapping && lastValueStart >= 0 && end < content.Length && content[end] is ',' or '}'
            && content[at] is not ('?' or '!' or '&' or '*') && findings.LineEnd(lastValueStart) > at && content[lastValueStart] != '=';
        if (!isCutOff)
        {
            return Math.Max(end, at + 1);
        }

        var last = lastValueEnd = TrimBack(at, end);
        var start = lastValueStart;
        lastValueStart = -1;
        FoundAny = true;
        findings.Add(TrapDiagnostics.TextCut, start, last, "Put the text in quotes", Mend.Quote(content, start, last));
        return end;
    }

    private int Quote(int start, int end, Func<SourceSpan, DiagnosticFix, Diagnostic> make)
    {
        end = Math.Max(TrimBack(start, end), start + 1);
        FoundAny = true;
        lastValueStart = -1;
        findings.Add(make, start, end, "Put the text in quotes", Mend.Quote(content, start, end));
        return end;
    }

    // Where YAML ends a plain text inside brackets.
    private int YamlEnd(int at, bool stopAtColon)
    {
        var start = at;
        for (; at < content.Length && !findings.AtLineEnd(at); at++)
        {
            if (content[at] is ',' or '[' or ']' or '{' or '}' || findings.AtComment(at)
                || (stopAtColon && content[at] == ':' && (findings.IsBlank(at + 1) || content[at + 1] is ',' or '[' or ']' or '{' or '}')))
            {
                break;
            }
        }

        findings.Spend(start, at - start);
        return at;
    }

    private int StarEnd(int at)
    {
        var start = at;
        while (!findings.AtLineEnd(at) && content[at] is not ('}' or ']') && !(content[at] == ',' && findings.IsBlank(at + 1)))
        {
            at++;
        }

        findings.Spend(start, at - start);
        return at;
    }

    private int BracketedEnd(int at)
    {
        var depth = 0;
        for (; !findings.AtLineEnd(at); at++)
        {
            if (content[at] is '{' or '[')
            {
                depth++;
            }
            else if (content[at] is '}' or ']' && --depth < 0)
            {
                break;
            }
            else if (content[at] == ',' && depth == 0)
            {
                break;
            }
        }

        return at;
    }

    private int TrimBack(int start, int end)
    {
        while (end > start && content[end - 1] is ' ' or '\t')
        {
            end--;
        }

        return end;
    }
}

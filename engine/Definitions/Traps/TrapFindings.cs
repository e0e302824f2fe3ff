namespace WorkflowEngine.Definitions;

/// <summary>What the scanners have found so far, and the questions both ask of the text.</summary>
internal sealed class TrapFindings(SourceText source)
{
    private readonly List<Diagnostic> diagnostics = [];
    private readonly List<TextEdit> edits = [];
    private readonly long mostWork = 4_000_000 + (8L * source.Content.Length);
    private long work;
    private int lineFrom;
    private int lineBreak = -1;

    public string Content { get; } = source.Content;

    public bool Hopeless { get; set; }

    /// <summary>Adds a trap with its mending; an edit without text to show (a byte order mark) goes to <see cref="AddEdit"/>.</summary>
    public void Add(Func<SourceSpan, DiagnosticFix, Diagnostic> make, int start, int end, string title, List<TextEdit> mending)
    {
        if (diagnostics.Count > DiagnosticBag.MostOfOneFile)
        {
            Hopeless = true;
            return;
        }

        diagnostics.Add(make(source.SpanOf(start, Math.Max(1, end - start)), new DiagnosticFix(title, mending)));
        edits.AddRange(mending);
    }

    public void Add(Diagnostic diagnostic) => diagnostics.Add(diagnostic);

    public void AddEdit(TextEdit edit) => edits.Add(edit);

    public SourceSpan Span(int start, int end) => source.SpanOf(start, Math.Max(1, end - start));

    /// <summary>
    /// Counts characters that were looked at ahead. In a sound file they are few; where much is left open each look goes to the end of the file,
    /// and the scan gives up before that costs time.
    /// </summary>
    public void Spend(int at, int characters)
    {
        work += characters;
        if (work > mostWork && !Hopeless)
        {
            Hopeless = true;
            diagnostics.Add(SyntaxDiagnostics.TooTangled(Span(at, at + 1)));
        }
    }

    public TrapScan Result() => new(diagnostics, edits, Hopeless);

    public int LineEnd(int at)
    {
        var end = LineBreak(at);
        return end > at && Content[end - 1] == '\r' ? end - 1 : end;
    }

    public int NextLine(int at)
    {
        return Math.Min(LineBreak(at) + 1, Content.Length);
    }

    // The offset of the line break at or behind a place, or the end of the text; the last answer is kept, since one line is asked often.
    private int LineBreak(int at)
    {
        if (at < lineFrom || at > lineBreak)
        {
            var found = Content.IndexOf('\n', Math.Min(at, Content.Length));
            lineFrom = at;
            lineBreak = found < 0 ? Content.Length : found;
        }

        return lineBreak;
    }

    public int SkipBlanks(int at)
    {
        while (at < Content.Length && Content[at] is ' ' or '\t')
        {
            at++;
        }

        return at;
    }

    public bool AtLineEnd(int at) => at >= Content.Length || Content[at] is '\n' or '\r';

    public bool IsBlank(int at) => AtLineEnd(at) || Content[at] is ' ' or '\t';

    /// <summary>At a # that begins a comment.</summary>
    public bool AtComment(int at) => at < Content.Length && Content[at] == '#' && (at == 0 || char.IsWhiteSpace(Content[at - 1]));

    /// <summary>The end of a plain text on its line: before a comment, without trailing blanks.</summary>
    public int PlainEnd(int at)
    {
        var end = LineEnd(at);
        Spend(at, (end - at) / 8);
        var hash = at;
        while (hash < end && (hash = Content.IndexOf('#', hash, end - hash)) >= 0)
        {
            if (hash > at && AtComment(hash))
            {
                end = hash;
                break;
            }

            hash++;
        }

        while (end > at && Content[end - 1] is ' ' or '\t')
        {
            end--;
        }

        return end;
    }

    /// <summary>
    /// Behind the closing quote of a quoted text, or -1: it is not closed, or a line inside is indented so little that YAML would not take it for a part.
    /// </summary>
    public int QuoteEnd(int at, int parentIndent)
    {
        var end = FindQuoteEnd(at, parentIndent, out var seen);
        Spend(at, seen - at);
        return end;
    }

    private int FindQuoteEnd(int at, int parentIndent, out int seen)
    {
        seen = at;
        var quote = Content[at];
        for (var i = at + 1; i < Content.Length; i++)
        {
            var c = Content[i];
            seen = i;
            if (c == '\\' && quote == '"')
            {
                i++;
            }
            else if (c == quote)
            {
                if (quote == '\'' && i + 1 < Content.Length && Content[i + 1] == '\'')
                {
                    i++;
                    continue;
                }

                return i + 1;
            }

            if (i < Content.Length && Content[i] == '\n')
            {
                var next = i + 1;
                while (next < Content.Length && Content[next] == ' ')
                {
                    next++;
                }

                if (next - i - 1 <= parentIndent && !IsBlank(next))
                {
                    return -1;
                }
            }
        }

        return -1;
    }

    /// <summary>Looks like a schedule that begins with a star, not like the name of an alias.</summary>
    public bool IsStar(int at) => Content[at] == '*' && (at + 1 >= Content.Length || Content[at + 1] is '/' or ' ' or ',' or '\n' or '\r' or '}' or ']');

    /// <summary>Adds what is wrong with the plain expression that begins here. Gives its end, or -1 when YAML's own reading stands.</summary>
    public int Expression(int start, bool inFlow, int parentIndent)
    {
        var extent = ExpressionExtent.Find(Content, start, inFlow, parentIndent);
        Spend(start, extent.Seen);
        var needsQuotes = extent.Balanced
            ? extent.Colon >= 0 || extent.Hash >= 0 || (inFlow && extent.Cut >= 0)
            : !inFlow && extent.Colon >= 0 && extent.Hash < 0;
        if (needsQuotes)
        {
            var mending = Mend.Fitting(Content, start, extent.End, inFlow, parentIndent);
            Func<SourceSpan, DiagnosticFix, Diagnostic> make = inFlow && extent.Cut >= 0 && extent.Colon < 0 && extent.Hash < 0
                ? TrapDiagnostics.ExpressionCut
                : extent.Hash >= 0 && (extent.Colon < 0 || extent.Hash < extent.Colon) ? TrapDiagnostics.HashInExpression
                : TrapDiagnostics.ColonInExpression;
            Add(make, start, extent.End, "Put the expression in quotes", mending);
        }

        if (extent.Glued >= 0 && extent.Balanced && !(inFlow && Content.AsSpan(extent.Glued, LineEnd(extent.Glued) - extent.Glued).IndexOfAny(",]}") >= 0))
        {
            Add(TrapDiagnostics.GluedComment, extent.Glued, extent.Glued + 1, "Put a space before the #", [new TextEdit(extent.Glued, 0, " ")]);
            return extent.Glued;
        }

        return needsQuotes ? extent.End : extent.Balanced && !inFlow ? extent.End : -1;
    }

    /// <summary>Where the = of an expression was forgotten and YAML reads its first character (! or `) as something else.</summary>
    public int Forgotten(int start, bool inFlow, int parentIndent)
    {
        var extent = ExpressionExtent.Find(Content, start, inFlow, parentIndent);
        Spend(start, extent.Seen);
        var end = extent.Balanced ? extent.End : PlainEnd(start);
        var plain = Content[start] == '!' && extent is { Colon: < 0, Hash: < 0 } && !(inFlow && extent.Cut >= 0);
        var mending = plain
            ? [new TextEdit(start, 0, "=")]
            : Mend.Fitting(Content, start, end, inFlow, parentIndent, prefix: "=");
        Add(Content[start] == '!' ? TrapDiagnostics.ExclamationIsTag : TrapDiagnostics.BacktickWithoutEquals, start, end, "Write it as an expression", mending);
        return end;
    }
}

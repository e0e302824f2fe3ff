namespace WorkflowEngine.Definitions;

/// <summary>
/// How far an expression goes by the rules of JavaScript, however YAML would cut it: strings, template strings and brackets are
/// followed; what is no token is left to the expression's own parser.
/// </summary>
/// <param name="Start">At the <c>=</c>, or at the first character where it was forgotten.</param>
/// <param name="End">Behind the last character that is not white space.</param>
/// <param name="Balanced">All strings and brackets were closed.</param>
/// <param name="Colon">Offset of the first ": " that YAML would take for a key's, or -1.</param>
/// <param name="Hash">Offset of the first " #" inside a string or bracket, or -1.</param>
/// <param name="Cut">Offset of the first comma or bracket that would end it inside braces or brackets, or -1.</param>
/// <param name="Glued">Offset of a # that follows the expression without a space, or -1.</param>
/// <param name="Seen">How many characters were looked at to know this.</param>
internal readonly record struct ExpressionExtent(int Start, int End, bool Balanced, int Colon, int Hash, int Cut, int Glued, int Seen)
{
    // Four times what an expression may be: what is open longer than this is not closed.
    private const int Farthest = 64 * 1024;

    private const string Operators = "+-*/%<>=!&|?:.,([{^~";

    /// <param name="inFlow">Inside braces or brackets of YAML.</param>
    /// <param name="parentIndent">Lines that go on are indented more than this.</param>
    public static ExpressionExtent Find(string content, int start, bool inFlow, int parentIndent)
    {
        var open = new Stack<char>();
        var stop = Math.Min(content.Length, start + Farthest);
        int colon = -1, hash = -1, cut = -1, glued = -1;
        var at = start < content.Length && content[start] == '=' ? start + 1 : start;
        var end = at;
        for (; at < stop; at++)
        {
            var c = content[at];
            var inText = open.Count > 0 && open.Peek() is '\'' or '"' or '`';
            if (c is '\n' or '\r')
            {
                // A text in quotes ends with its line; a template string and a bracket may go on, and so may an operator.
                if ((inText && open.Peek() != '`') || !GoesOn(content, start, at, parentIndent, open.Count > 0, out var next))
                {
                    break;
                }

                // Blank lines are passed over at once.
                at = Math.Max(at, next - 1);
                continue;
            }

            if (c == '#' && at > start && char.IsWhiteSpace(content[at - 1]))
            {
                if (open.Count == 0)
                {
                    break;
                }

                hash = hash < 0 ? at : hash;
            }

            if (c == ':' && EndsKey(content, at, inFlow))
            {
                colon = colon < 0 ? at : colon;
            }

            if (inText)
            {
                at = Inside(content, at, open);
            }
            else if (inFlow && open.Count == 0 && c is ',' or '}' or ']')
            {
                break;
            }
            else if (c == '#' && open.Count == 0)
            {
                glued = at;
                break;
            }
            else if (c is '\'' or '"' or '`' or '(' or '[' or '{')
            {
                open.Push(c);
            }
            else if (c is ')' or ']' or '}' && !Close(open, c))
            {
                break;
            }

            if (c is ',' or '[' or ']' or '{' or '}')
            {
                cut = cut < 0 ? Math.Min(at, content.IndexOf(c, start)) : cut;
            }

            if (!char.IsWhiteSpace(c))
            {
                end = Math.Min(at + 1, content.Length);
            }
        }

        return new ExpressionExtent(start, Math.Min(end, content.Length), open.Count == 0, colon, hash, cut, glued, Math.Max(at, end) - start);
    }

    // Inside a string: the closing quote, an escape, or ${ of a template. Gives the last offset that was used up.
    private static int Inside(string content, int at, Stack<char> open)
    {
        var c = content[at];
        if (c == '\\' && at + 1 < content.Length && content[at + 1] is not '\n' and not '\r')
        {
            return at + 1;
        }

        if (c == open.Peek())
        {
            open.Pop();
        }
        else if (open.Peek() == '`' && c == '$' && at + 1 < content.Length && content[at + 1] == '{')
        {
            open.Push('{');
            return at + 1;
        }

        return at;
    }

    private static bool Close(Stack<char> open, char c)
    {
        var expected = c switch { ')' => '(', ']' => '[', _ => '{' };
        if (open.Count > 0 && open.Peek() == expected)
        {
            open.Pop();
            return true;
        }

        return false;
    }

    private static bool EndsKey(string content, int at, bool inFlow)
    {
        var next = at + 1 < content.Length ? content[at + 1] : '\n';
        return next is ' ' or '\t' or '\n' or '\r' || (inFlow && next is ',' or '[' or ']' or '{' or '}');
    }

    private static bool GoesOn(string content, int start, int lineEnd, int parentIndent, bool isOpen, out int next)
    {
        next = lineEnd;
        var lineStart = lineEnd;
        while (next < content.Length && content[next] is ' ' or '\n' or '\r' or '\t')
        {
            if (content[next] == '\n')
            {
                lineStart = next + 1;
            }

            next++;
        }

        if (next >= content.Length || next - lineStart <= parentIndent || content[next] == '#')
        {
            return false;
        }

        var before = lineEnd;
        while (before > start && char.IsWhiteSpace(content[before - 1]))
        {
            before--;
        }

        return isOpen || Operators.Contains(content[before - 1]) || (Operators.Contains(content[next]) && content[next] is not '-' and not '[' and not '{');
    }
}

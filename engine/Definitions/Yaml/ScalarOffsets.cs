namespace WorkflowEngine.Definitions;

/// <summary>
/// Finds for each character of a scalar's value (and for its end) the offset in the text it came from, by walking text and
/// value side by side. Where they do not agree, which would be our mistake, the rest maps to the last place known.
/// </summary>
internal static class ScalarOffsets
{
    public static int[] Map(string content, int start, string value, YamlScalarStyle style) => style switch
    {
        YamlScalarStyle.Literal => Block(content, start, value, folded: false),
        YamlScalarStyle.Folded => Block(content, start, value, folded: true),
        YamlScalarStyle.Plain => Flow(content, start, value, '\0'),
        YamlScalarStyle.SingleQuoted => Flow(content, start + 1, value, '\''),
        _ => Flow(content, start + 1, value, '"'),
    };

    private static int[] Flow(string content, int at, string value, char quote)
    {
        var map = new int[value.Length + 1];
        var i = 0;
        // Up to here white space holds no line break.
        var unfolded = 0;
        while (i < value.Length && at < content.Length)
        {
            var c = content[at];
            if (c is ' ' or '\t' or '\r' or '\n' && at >= unfolded && FoldEnd(content, at) is var (breaks, next))
            {
                if (breaks == 0)
                {
                    unfolded = next;
                    continue;
                }

                // One line break is a space, each further one a line break.
                for (var n = 0; n < Math.Max(1, breaks - 1) && i < value.Length; n++)
                {
                    map[i++] = at;
                }

                at = next;
            }
            else if (quote == '\'' && c == '\'')
            {
                map[i++] = at;
                at += 2;
            }
            else if (quote == '"' && c == '\\')
            {
                var length = Escape(content, at, out var units);
                for (var n = 0; n < units && i < value.Length; n++)
                {
                    map[i++] = at;
                }

                at += length;
            }
            else if (c == '\uFEFF' && value[i] != c)
            {
                at++;
            }
            else
            {
                map[i++] = at++;
            }
        }

        for (; i <= value.Length; i++)
        {
            map[i] = Math.Min(at, content.Length);
        }

        return map;
    }

    // From white space on: the number of line breaks before the next visible character, and where that is.
    private static (int Breaks, int Next) FoldEnd(string content, int at)
    {
        var breaks = 0;
        while (at < content.Length && content[at] is ' ' or '\t' or '\r' or '\n')
        {
            if (content[at] == '\n' || (content[at] == '\r' && (at + 1 >= content.Length || content[at + 1] != '\n')))
            {
                breaks++;
            }

            at++;
        }

        return (breaks, at);
    }

    // The length of an escape in the text, and how many characters of the value it makes.
    private static int Escape(string content, int at, out int units)
    {
        units = 1;
        var code = at + 1 < content.Length ? content[at + 1] : '\0';
        switch (code)
        {
            case 'x':
                return 4;
            case 'u':
                return 6;
            case 'U':
                var hex = content.AsSpan(at + 2, Math.Min(8, content.Length - at - 2));
                units = int.TryParse(hex, System.Globalization.NumberStyles.HexNumber, null, out var point) && point > 0xFFFF ? 2 : 1;
                return 10;
            case '\r' or '\n':
                // An escaped line break: nothing in the value, and the next line's indentation is dropped.
                units = 0;
                var length = code == '\r' && at + 2 < content.Length && content[at + 2] == '\n' ? 3 : 2;
                while (at + length < content.Length && content[at + length] is ' ' or '\t')
                {
                    length++;
                }

                return length;
            default:
                return 2;
        }
    }

    private static int[] Block(string content, int start, string value, bool folded)
    {
        var map = new int[value.Length + 1];
        var line = LineEnd(content, start, out var next);
        var lead = value.Length - value.TrimStart('\n').Length;
        var leadingSpaces = lead < value.Length ? value.Skip(lead).TakeWhile(c => c == ' ').Count() : 0;
        var indent = -1;
        var i = 0;
        var last = line;
        while (i < value.Length && next < content.Length)
        {
            var from = next;
            var end = LineEnd(content, from, out next);
            if (indent < 0)
            {
                var spaces = content.AsSpan(from, end - from);
                var own = spaces.Length - spaces.TrimStart(' ').Length;
                if (own == spaces.Length)
                {
                    if (value[i] == '\n')
                    {
                        map[i++] = from;
                    }

                    last = end;
                    continue;
                }

                indent = own - leadingSpaces;
            }

            var text = Math.Min(from + indent, end);
            if (text < end)
            {
                while (i < value.Length && (value[i] == '\n' || (folded && value[i] == ' ' && content[text] != ' ')))
                {
                    map[i++] = last;
                }
            }

            for (var at = text; at < end && i < value.Length; at++)
            {
                // The parser drops blanks and byte order marks in places where the standard keeps them.
                if (content[at] == value[i] || content[at] is not (' ' or '\uFEFF'))
                {
                    map[i++] = at;
                }
            }

            if (!folded && i < value.Length && value[i] == '\n')
            {
                map[i++] = end;
            }

            last = end;
        }

        for (; i <= value.Length; i++)
        {
            map[i] = last;
        }

        return map;
    }

    private static int LineEnd(string content, int at, out int next)
    {
        var end = at < content.Length ? content.IndexOf('\n', at) : -1;
        if (end < 0)
        {
            next = content.Length;
            return content.Length;
        }

        next = end + 1;
        return end > at && content[end - 1] == '\r' ? end - 1 : end;
    }
}

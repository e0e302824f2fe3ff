namespace WorkflowEngine.Definitions;

public enum YamlScalarStyle
{
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

public enum YamlScalarKind
{
    Text,
    Number,
    True,
    False,
    Null,

    /// <summary>Refused and already reported; readers pass over it in silence.</summary>
    Refused,
}

/// <summary>A scalar: its value with escapes, folding and indentation resolved, and the way back from each character to the file.</summary>
public sealed class YamlScalar : YamlNode
{
    private readonly ParsedText? text;
    private readonly int start;
    private int[]? map;
    private bool? isAsWritten;

    internal YamlScalar(ParsedText text, int start, int end, string value, YamlScalarStyle style, YamlScalarKind kind)
        : base(text.SpanOf(start, end))
    {
        this.text = text;
        this.start = start;
        Value = value;
        Style = style;
        Kind = kind;
    }

    public string Value { get; }

    public YamlScalarStyle Style { get; }

    public YamlScalarKind Kind { get; }

    public bool IsPlain => Style == YamlScalarStyle.Plain;

    /// <summary>The place in the file of a stretch of <see cref="Value"/>.</summary>
    public SourceSpan SpanOfValue(int offset, int length)
    {
        if (text is null)
        {
            return Span;
        }

        offset = Math.Clamp(offset, 0, Value.Length);
        var last = Math.Clamp(offset + length, offset, Value.Length);
        if (isAsWritten ??= IsAsWritten())
        {
            var first = IsPlain ? start : start + 1;
            return text.SpanOf(first + offset, first + last);
        }

        map ??= ScalarOffsets.Map(text.Content, start, Value, Style);
        var from = map[offset];
        // The end is that of the last character, so that a stretch which ends a line does not reach into the next.
        var to = last == offset ? from : last == Value.Length ? map[last] : Math.Max(map[last - 1] + 1, from);
        return text.SpanOf(from, to);
    }

    // On one line without escapes, as most are, value and text are the same characters and no map is needed.
    private bool IsAsWritten()
    {
        var first = IsPlain ? start : start + 1;
        return (Style is YamlScalarStyle.Plain
                || (Style is YamlScalarStyle.SingleQuoted && !Value.Contains('\''))
                || (Style is YamlScalarStyle.DoubleQuoted && !Value.Contains('\\')))
            && Value.Length <= text!.Content.Length - first
            && text.Content.AsSpan(first, Value.Length).SequenceEqual(Value)
            && !Value.Contains('\n');
    }
}

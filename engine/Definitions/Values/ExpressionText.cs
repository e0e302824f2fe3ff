namespace WorkflowEngine.Definitions;

/// <summary>
/// An expression without its leading <c>=</c>, and the way from an offset in it back to the file, right also inside quoted
/// and block scalars, where escapes and indentation have been removed.
/// </summary>
public sealed record ExpressionText
{
    private readonly YamlScalar? scalar;
    private readonly int skipped;

    /// <summary>An expression that stands in no file; all its offsets map to the given span's start.</summary>
    public ExpressionText(string text, SourceSpan span)
    {
        Text = text;
        Span = span;
    }

    internal ExpressionText(YamlScalar scalar, int skipped)
    {
        this.scalar = scalar;
        this.skipped = skipped;
        Text = scalar.Value[skipped..];
        Span = scalar.SpanOfValue(skipped, Text.Length);
    }

    public string Text { get; }

    /// <summary>The expression in the file, from behind the <c>=</c> to its end.</summary>
    public SourceSpan Span { get; }

    /// <summary>The place in the file of a stretch of <see cref="Text"/>.</summary>
    public SourceSpan SpanOf(int start, int length) =>
        scalar is null ? Span : scalar.SpanOfValue(Math.Clamp(start, 0, Text.Length) + skipped, Math.Max(0, length));

    public override string ToString() => Text;
}

namespace WorkflowEngine.Definitions;

/// <summary>
/// A stretch of one file. The span carries its file, because lines of one flow may come from several
/// (shared mappings, an overlay), and each problem must be shown where its author wrote it.
/// </summary>
public readonly record struct SourceSpan
{
    private readonly SourceText? source;

    public SourceSpan(SourceText source, int offset, int length)
    {
        this.source = source;
        Offset = offset;
        Length = length;
    }

    public static SourceSpan None => default;

    public SourceText Source => source ?? SourceText.None;

    public int Offset { get; }

    public int Length { get; }

    public int End => Offset + Length;

    public string Text => Source.Content.Substring(Math.Min(Offset, Source.Content.Length), Math.Clamp(Length, 0, Math.Max(0, Source.Content.Length - Offset)));

    public LinePosition Start => Source.PositionOf(Offset);

    public LinePosition EndPosition => Source.PositionOf(End);

    /// <summary>From the start of this to the end of the other, which follows it in the same file.</summary>
    public SourceSpan To(SourceSpan other) => new(Source, Offset, Math.Max(Length, other.End - Offset));

    public override string ToString() => $"{Source.Path}:{Start}";
}

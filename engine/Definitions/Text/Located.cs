namespace WorkflowEngine.Definitions;

/// <summary>A value and where it was written.</summary>
public sealed record Located<T>(T Value, SourceSpan Span)
{
    public override string ToString() => $"{Value}";
}

namespace WorkflowEngine.Definitions;

/// <summary>The lines of a set, setOnCreate, setOnUpdate, map, once, within, options …, in the order written.</summary>
public sealed record SetBlock(SourceSpan Span, SourceSpan KeySpan, IReadOnlyList<FieldLine> Lines)
{
    public FieldLine? Find(string name) => Lines.FirstOrDefault(l => l.Name.Value == name);
}

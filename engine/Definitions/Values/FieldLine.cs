namespace WorkflowEngine.Definitions;

/// <summary>One line <c>name: value</c> of a set, map, with, options or object; the name may be a path such as <c>address.street</c>.</summary>
public sealed record FieldLine(Located<string> Name, ValueDefinition Value)
{
    public SourceSpan Span => Name.Span.To(Value.Span);
}

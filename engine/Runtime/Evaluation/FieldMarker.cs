namespace WorkflowEngine.Runtime;

public sealed class FieldMarker
{
    public static FieldMarker Keep { get; } = new();

    public static FieldMarker Clear { get; } = new();
}

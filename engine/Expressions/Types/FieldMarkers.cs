namespace WorkflowEngine.Expressions.Types;

/// <summary>Which of the constants <c>keep</c> and <c>clear</c> an expression may give instead of a value.</summary>
[Flags]
public enum FieldMarkers
{
    None = 0,
    Keep = 1,
    Clear = 2,
}

namespace WorkflowEngine.Expressions.Execution;

/// <summary>What the constants <c>keep</c> and <c>clear</c> give instead of a value.</summary>
public sealed class FieldMarker
{
    private readonly string name;

    private FieldMarker(string name) => this.name = name;

    /// <summary>Leave the field as it is.</summary>
    public static FieldMarker Keep { get; } = new("keep");

    /// <summary>Empty the field.</summary>
    public static FieldMarker Clear { get; } = new("clear");

    public override string ToString() => name;
}

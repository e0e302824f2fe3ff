namespace WorkflowEngine.Definitions;

/// <summary>A place in a file as editors show it: line and column, both from 1.</summary>
public readonly record struct LinePosition(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";
}

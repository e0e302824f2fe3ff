namespace WorkflowEngine.Compilation.Plan;

/// <summary>Where something stands in a flow file; 1-based.</summary>
public readonly record struct SourcePlace(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}

namespace WorkflowEngine.Definitions;

/// <summary>Finds YAML's traps before the parser steps into them.</summary>
internal sealed class TrapScanner
{
    public static TrapScan Scan(SourceText source)
    {
        _ = source;
        return new TrapScan([], [], false);
    }
}

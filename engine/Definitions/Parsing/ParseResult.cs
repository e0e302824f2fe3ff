namespace WorkflowEngine.Definitions;

/// <summary>What reading a file gave. The value may be there in spite of errors, with what could be read, so that later stages find more in one go; it is null when nothing of use was read.</summary>
public sealed record ParseResult<T>(T? Value, IReadOnlyList<Diagnostic> Diagnostics)
    where T : class
{
    public bool HasErrors => Diagnostics.Any(d => d.IsError);
}

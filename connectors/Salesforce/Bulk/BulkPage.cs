namespace WorkflowEngine.Salesforce;

/// <summary>A page of a bulk query.</summary>
/// <param name="Rows">The rows by selected path, values as text.</param>
/// <param name="Next">Where to go on; null on the last page.</param>
public sealed record BulkPage(IReadOnlyList<IReadOnlyDictionary<string, string?>> Rows, string? Next);

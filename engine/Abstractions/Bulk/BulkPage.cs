namespace WorkflowEngine.Abstractions;

/// <summary>A page of a job's records.</summary>
/// <param name="Rows">Records in the engine's values, typed by the catalogue; parents as objects.</param>
/// <param name="Next">Where to go on; null on the last page.</param>
public sealed record BulkPage(IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows, string? Next);

namespace WorkflowEngine.Abstractions;

/// <summary>Where a source stands. A dead token falls back to the stamp.</summary>
/// <param name="Token">The vendor's opaque token or replay id; null before the first page.</param>
/// <param name="HighWater">The vendor's time up to which rows are surely known; null when none was seen.</param>
public sealed record SourceCursor(string? Token, DateTimeOffset? HighWater);

namespace WorkflowEngine.Api;

/// <summary>A part of a list.</summary>
/// <param name="Data">The rows.</param>
/// <param name="Next">What to give as <c>cursor</c> for the part that follows; null = this was the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Data, string? Next);

/// <summary>A whole list.</summary>
public sealed record Whole<T>(IReadOnlyList<T> Data);

namespace WorkflowEngine.Salesforce.Reads;

/// <summary>A page of rows.</summary>
/// <param name="Rows">The rows in the vendor's order.</param>
/// <param name="Next">The path of the next page, without its first slash; null on the last one.</param>
/// <param name="Time">The vendor's clock, as its answer tells it; null when it does not.</param>
internal sealed record QueryPage(IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows, string? Next, DateTimeOffset? Time);

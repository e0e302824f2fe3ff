namespace WorkflowEngine.Expressions.Execution;

/// <summary>An invocation that did not come back. Two of them should end the process gracefully: their threads cannot be stopped.</summary>
/// <param name="Sources">The expressions that ran.</param>
/// <param name="Elapsed">How long ago the invocation began.</param>
/// <param name="Count">How many there have been in this process.</param>
public sealed record Abandonment(IReadOnlyList<string> Sources, TimeSpan Elapsed, int Count);

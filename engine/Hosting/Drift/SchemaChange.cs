namespace WorkflowEngine.Hosting;

/// <summary>One difference between what an org said about an object before and what it says now.</summary>
/// <param name="Entity">The object.</param>
/// <param name="Field">The field.</param>
/// <param name="Kind">What is different.</param>
/// <param name="Message">The same for people.</param>
public sealed record SchemaChange(string Entity, string Field, SchemaChangeKind Kind, string Message);

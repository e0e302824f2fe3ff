namespace WorkflowEngine.Simulators.Seeds;

/// <summary>A record that stands in Salesforce before the flow runs, and the customer it truly belongs to.</summary>
public sealed record ExistingRecord(string Type, long CustomerId, IReadOnlyDictionary<string, object?> Values);

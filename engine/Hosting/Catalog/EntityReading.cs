using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>An entity with its fields and where they were read.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="FromOrg">Read from the org itself; false = the connector's own catalogue.</param>
/// <param name="ReadAt">When the org was read.</param>
public sealed record EntityReading(EntityDescriptor Entity, bool FromOrg, DateTimeOffset? ReadAt);

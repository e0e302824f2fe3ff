using System.Text.Json;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>One entity file of a catalogue: what the engine reads, and what only its connector reads.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Operations">Named operations about it (<c>job.cancel</c>).</param>
/// <param name="Wire">The connector's own part (paths, filters, feeds), untouched; an empty object when there is none.</param>
/// <param name="WireFields">Fields that live elsewhere on the wire, by field name.</param>
public sealed record EntityDocument(EntityDescriptor Entity, IReadOnlyList<OperationDescriptor> Operations, JsonElement Wire, IReadOnlyDictionary<string, WireField> WireFields)
{
    /// <summary>The connector's own part of each operation that has one, by the operation's name.</summary>
    public IReadOnlyDictionary<string, JsonElement> OperationWires { get; init; } = new Dictionary<string, JsonElement>();
}

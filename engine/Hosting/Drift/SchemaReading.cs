using System.Text.Json;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>An entity as an org described it when a flow was first looked after: what later descriptions are compared with.</summary>
/// <param name="Of">The flow version with its parameters; another one is compared with the org as it is by then.</param>
/// <param name="Entity">The fields the flow uses, and those that new records need.</param>
internal sealed record SchemaReading(string Of, EntityDescriptor Entity)
{
    /// <summary>Null when there is none that can be read.</summary>
    public static SchemaReading? Read(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<SchemaReading>(text);
        }
        catch (JsonException)
        {
            // Written by another version: the org is read anew.
            return null;
        }
    }

    public static SchemaReading Take(string of, EntityDescriptor described, UsedEntity used) =>
        new(of, new EntityDescriptor { Name = used.Entity, Fields = [.. described.Fields.Where(f => f.RequiredOnCreate || used.Fields.ContainsKey(f.Name))] });

    public string Write() => JsonSerializer.Serialize(this);
}

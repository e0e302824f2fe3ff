using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.PubSub;

/// <summary>The schema of one object's change events. Another set of fields is another schema with another id.</summary>
internal sealed class EventSchema
{
    private static readonly string[] AddressParts = ["Street", "City", "State", "PostalCode", "Country"];
    private static readonly string[] NameParts = ["LastName", "FirstName", "MiddleName", "Salutation", "Suffix"];
    private static readonly string[] Kinds =
        ["CREATE", "UPDATE", "DELETE", "UNDELETE", "GAP_CREATE", "GAP_UPDATE", "GAP_DELETE", "GAP_UNDELETE", "GAP_OVERFLOW", "SNAPSHOT"];

    public EventSchema(ObjectDefinition definition)
    {
        Name = EventName(definition);
        Entity = definition.Name;
        Slots = [.. Build(definition)];
        var fields = Json(id: null);
        Id = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.UTF8.GetBytes(fields)).AsSpan(0, 16).ToArray());
        Text = Json(Id);
    }

    public string Name { get; }

    public string Entity { get; }

    public string Id { get; }

    public string Text { get; }

    /// <summary>The fields behind the header: field 0 of the schema is the header.</summary>
    public IReadOnlyList<Slot> Slots { get; }

    public static string EventName(ObjectDefinition definition) =>
        definition.Custom ? $"{definition.Name[..^3]}__ChangeEvent" : $"{definition.Name}ChangeEvent";

    public static int KindOf(string changeType) => Array.IndexOf(Kinds, changeType);

    private static IEnumerable<Slot> Build(ObjectDefinition definition)
    {
        var person = definition.Find("LastName") is not null && definition.Name is "Contact" or "Lead";
        var inside = definition.Fields.Where(f => f.Type == "address").SelectMany(a => AddressParts.Select(p => a.Name[..^"Address".Length] + p)).ToHashSet(StringComparer.Ordinal);
        foreach (var field in definition.Fields)
        {
            if (field.Name is "Id" or "IsDeleted" or "SystemModstamp" || field.WriteOnly || inside.Contains(field.Name) || (person && NameParts.Contains(field.Name)))
            {
                continue;
            }

            if (field.Type == "address")
            {
                var prefix = field.Name[..^"Address".Length];
                yield return new Slot(field.Name, null, [.. AddressParts.Select(p => (p, definition.Find(prefix + p)!))]);
            }
            else if (person && field.Name == "Name")
            {
                yield return new Slot("Name", null, [.. NameParts.Select(p => (p, definition.Find(p))).Where(p => p.Item2 is not null).Select(p => (p.p, p.Item2!))]);
            }
            else
            {
                yield return new Slot(field.Name, field, []);
            }
        }
    }

    private string Json(string? id)
    {
        using var stream = new MemoryStream();
        using (var w = new Utf8JsonWriter(stream))
        {
            w.WriteStartObject();
            w.WriteString("type", "record");
            w.WriteString("name", Name);
            w.WriteString("namespace", "com.sforce.eventbus");
            w.WriteStartArray("fields");
            w.WriteRawValue($$$"""
                {"name":"ChangeEventHeader","type":{"type":"record","name":"ChangeEventHeader","fields":[
                {"name":"entityName","type":"string"},{"name":"recordIds","type":{"type":"array","items":"string"}},
                {"name":"changeType","type":{"type":"enum","name":"ChangeType","symbols":{{{JsonSerializer.Serialize(Kinds)}}}}},
                {"name":"changeOrigin","type":"string"},{"name":"transactionKey","type":"string"},{"name":"sequenceNumber","type":"int"},
                {"name":"commitTimestamp","type":"long"},{"name":"commitNumber","type":"long"},{"name":"commitUser","type":"string"},
                {"name":"nulledFields","type":{"type":"array","items":"string"}},{"name":"diffFields","type":{"type":"array","items":"string"}},
                {"name":"changedFields","type":{"type":"array","items":"string"}}]}}
                """);
            var addresses = 0;
            foreach (var slot in Slots)
            {
                w.WriteStartObject();
                w.WriteString("name", slot.Name);
                w.WriteStartArray("type");
                w.WriteStringValue("null");
                if (slot.Field is { } field)
                {
                    w.WriteStringValue(TypeOf(field));
                }
                else if (slot.Name == "Name")
                {
                    w.WriteStringValue("string");
                    Parts(w, "PersonName", slot);
                }
                else if (addresses++ == 0)
                {
                    Parts(w, "Address", slot);
                }
                else
                {
                    // A record type is told once and named afterwards.
                    w.WriteStringValue("Address");
                }

                w.WriteEndArray();
                w.WriteString("doc", $"Data:{slot.Field?.Type ?? "compound"}:00N{slot.Name}");
                w.WriteNull("default");
                w.WriteEndObject();
            }

            w.WriteEndArray();
            if (id is not null)
            {
                w.WriteString("uuid", id);
            }

            w.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Parts(Utf8JsonWriter w, string name, Slot slot)
    {
        w.WriteStartObject();
        w.WriteString("type", "record");
        w.WriteString("name", name);
        w.WriteStartArray("fields");
        foreach (var (part, field) in slot.Parts)
        {
            w.WriteStartObject();
            w.WriteString("name", part);
            w.WriteStartArray("type");
            w.WriteStringValue("null");
            w.WriteStringValue(TypeOf(field));
            w.WriteEndArray();
            w.WriteNull("default");
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static string TypeOf(FieldDefinition field) => field.Type switch
    {
        "boolean" => "boolean",
        "int" => "int",
        "double" or "currency" or "percent" => "double",
        "date" or "datetime" => "long",
        _ => "string",
    };
}

/// <summary>One field of an event: a field of the object, or a compound of several.</summary>
internal sealed record Slot(string Name, FieldDefinition? Field, IReadOnlyList<(string Name, FieldDefinition Field)> Parts);

using System.Text.Json;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Reads the catalogue's JSON form. Strict: an unknown property is a mistake in the file.</summary>
internal static class CatalogReader
{
    private static readonly string[] ConnectorProperties = ["name", "title", "settle", "extensible", "takesHttp", "works", "settings", "secrets", "options"];
    private static readonly string[] EntityProperties = ["name", "title", "idField", "versionField", "activeField", "queryable", "creatable", "updatable", "deletable", "restorable", "extensible", "lockParents", "fields", "events", "operations", "works", "wire"];
    private static readonly string[] EventProperties = ["name", "description", "feeds", "covers", "when"];
    private static readonly string[] OperationProperties = ["name", "description", "works", "input", "output", "repeatable", "makes", "wire"];
    private static readonly string[] MadeProperties = ["entity", "by", "output"];
    private static readonly string[] SettingProperties = ["name", "description", "type", "length", "of", "open", "entity", "number", "default", "required"];

    public static ConnectorDescriptor ReadConnector(JsonElement json, IEnumerable<EntityDocument> entities)
    {
        Only(json, ConnectorProperties);
        var documents = entities.ToList();
        return new ConnectorDescriptor
        {
            Name = Text(json, "name"),
            Title = Text(json, "title"),
            Settle = TimeSpan.ParseExact(Text(json, "settle"), "c", null),
            Extensible = Flag(json, "extensible"),
            TakesHttp = Flag(json, "takesHttp"),
            Entities = [.. documents.Select(d => d.Entity)],
            Operations = [.. documents.SelectMany(d => d.Operations)],
            Settings = [.. List(json, "settings").Select(ReadSetting)],
            Secrets = [.. List(json, "secrets").Select(ReadSetting)],
            Options = [.. List(json, "options").Select(ReadSetting)],
        };
    }

    public static EntityDocument ReadEntity(JsonElement json)
    {
        Only(json, EntityProperties);
        var wireFields = new Dictionary<string, WireField>(StringComparer.Ordinal);
        foreach (var field in List(json, "fields"))
        {
            if (!field.TryGetProperty("wire", out var wire)) continue;
            wireFields[Text(field, "name")] = wire.ValueKind == JsonValueKind.String
                ? new WireField(wire.GetString()!)
                : new WireField(Text(wire, "name"), Text(wire, "key"), Text(wire, "value"));
        }

        var entity = new EntityDescriptor
        {
            Name = Text(json, "name"),
            Title = OptionalText(json, "title"),
            IdField = OptionalText(json, "idField") ?? "id",
            VersionField = OptionalText(json, "versionField"),
            ActiveField = OptionalText(json, "activeField"),
            Queryable = Flag(json, "queryable", otherwise: true),
            Creatable = Flag(json, "creatable"),
            Updatable = Flag(json, "updatable"),
            Deletable = Flag(json, "deletable"),
            Restorable = Flag(json, "restorable"),
            Extensible = Flag(json, "extensible"),
            LockParents = Texts(json, "lockParents"),
            Fields = [.. List(json, "fields").Select(FieldReader.ReadField)],
            Events = [.. List(json, "events").Select(ReadEvent)],
        };
        var empty = JsonSerializer.SerializeToElement(new Dictionary<string, string>());
        return new EntityDocument(entity, [.. List(json, "operations").Select(ReadOperation)], json.TryGetProperty("wire", out var own) ? own : empty, wireFields)
        {
            OperationWires = List(json, "operations").Where(o => o.TryGetProperty("wire", out _)).ToDictionary(o => Text(o, "name"), o => o.GetProperty("wire"), StringComparer.Ordinal),
        };
    }

    private static EntityEvent ReadEvent(JsonElement json)
    {
        Only(json, EventProperties);
        return new EntityEvent
        {
            Name = Text(json, "name"),
            Description = Text(json, "description"),
            Feeds = Texts(json, "feeds"),
            Covers = Texts(json, "covers"),
            When = json.TryGetProperty("when", out var when)
                ? new AllOf([.. when.EnumerateObject().Select(p => new FieldCondition(p.Name, Comparison.In, [.. Scalars(p.Value)]))])
                : null,
        };
    }

    private static OperationDescriptor ReadOperation(JsonElement json)
    {
        Only(json, OperationProperties);
        return new OperationDescriptor
        {
            Name = Text(json, "name"),
            Description = Text(json, "description"),
            Input = [.. List(json, "input").Select(FieldReader.ReadField)],
            Output = [.. List(json, "output").Select(FieldReader.ReadField)],
            Repeatable = Flag(json, "repeatable"),
            Makes = json.TryGetProperty("makes", out var made) ? ReadMade(made) : null,
        };
    }

    private static MadeRecord ReadMade(JsonElement json)
    {
        Only(json, MadeProperties);
        return new MadeRecord(Text(json, "entity"), Names(json, "by"), Names(json, "output"));
    }

    private static Dictionary<string, string> Names(JsonElement json, string name) =>
        json.TryGetProperty(name, out var names) ? names.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal) : [];

    private static SettingDescriptor ReadSetting(JsonElement json)
    {
        Only(json, SettingProperties);
        return new SettingDescriptor
        {
            Name = Text(json, "name"),
            Description = Text(json, "description"),
            Type = json.TryGetProperty("type", out _) ? FieldReader.ReadType(json) : FieldType.Of(FieldKind.Text),
            Default = OptionalText(json, "default"),
            Required = Flag(json, "required"),
        };
    }

    private static IEnumerable<object> Scalars(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Scalars),
        JsonValueKind.True => [true],
        JsonValueKind.False => [false],
        JsonValueKind.Number => [value.GetInt64()],
        _ => [value.GetString()!],
    };

    internal static void Only(JsonElement json, string[] known)
    {
        foreach (var property in json.EnumerateObject())
        {
            if (!known.Contains(property.Name)) throw new InvalidOperationException($"unknown property '{property.Name}'; known are {string.Join(", ", known)}");
        }
    }

    internal static string Text(JsonElement json, string name) => OptionalText(json, name) ?? throw new InvalidOperationException($"'{name}' is missing in {json.GetRawText()[..Math.Min(120, json.GetRawText().Length)]}");

    internal static string? OptionalText(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    internal static bool Flag(JsonElement json, string name, bool otherwise = false) => json.TryGetProperty(name, out var value) ? value.GetBoolean() : otherwise;

    internal static IEnumerable<JsonElement> List(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.EnumerateArray() : [];

    internal static IReadOnlyList<string> Texts(JsonElement json, string name) => [.. List(json, name).Select(v => v.GetString()!)];
}

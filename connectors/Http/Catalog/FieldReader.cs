using System.Text.Json;
using WorkflowEngine.Abstractions;
using static WorkflowEngine.Connectors.Http.CatalogReader;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Reads the fields and types of a catalogue file.</summary>
internal static class FieldReader
{
    private static readonly string[] FieldProperties =
    [
        "name", "type", "length", "scale", "of", "open", "entity", "number", "text", "item", "fields", "title", "null", "read", "create", "update", "filter", "search",
        "externalId", "unique", "relationship", "sensitive", "ignoreCase", "since", "madeOf", "wire",
    ];

    private static readonly string[] ItemProperties = ["type", "length", "scale", "of", "open", "entity", "number", "text", "item", "fields"];

    public static FieldDescriptor ReadField(JsonElement json)
    {
        Only(json, FieldProperties);
        var create = json.TryGetProperty("create", out var c) ? c : default;
        var required = create.ValueKind == JsonValueKind.String && create.GetString() == "required";
        return new FieldDescriptor
        {
            Name = Text(json, "name"),
            Type = ReadType(json),
            Title = OptionalText(json, "title"),
            Nullable = Flag(json, "null", otherwise: true),
            Readable = Flag(json, "read", otherwise: true),
            Creatable = required || create.ValueKind == JsonValueKind.True,
            RequiredOnCreate = required,
            Updatable = Flag(json, "update"),
            Filterable = Flag(json, "filter"),
            Search = OptionalText(json, "search") is { } search ? Enum.Parse<SearchForm>(search, ignoreCase: true) : SearchForm.None,
            ExternalId = Flag(json, "externalId"),
            Unique = Flag(json, "unique"),
            Relationship = OptionalText(json, "relationship"),
            Sensitive = Flag(json, "sensitive"),
            IgnoreCase = Flag(json, "ignoreCase"),
            Since = OptionalText(json, "since"),
            MadeOf = OptionalText(json, "madeOf"),
        };
    }

    public static FieldType ReadType(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String) return FieldType.Of(Kind(json.GetString()!));
        return new FieldType
        {
            Kind = Kind(Text(json, "type")),
            Length = Number(json, "length"),
            Scale = Number(json, "scale"),
            Choices = json.TryGetProperty("of", out _) ? Texts(json, "of") : null,
            OpenChoices = json.TryGetProperty("of", out _) && Flag(json, "open"),
            Entity = OptionalText(json, "entity"),
            Item = json.TryGetProperty("item", out var item) ? ReadItem(item) : null,
            Fields = [.. List(json, "fields").Select(ReadField)],
            OpenFields = !json.TryGetProperty("of", out _) && Flag(json, "open"),
            NumberOnWire = Flag(json, "number"),
            TextOnWire = Flag(json, "text"),
        };
    }

    private static FieldType ReadItem(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object) Only(json, ItemProperties);
        return ReadType(json);
    }

    private static FieldKind Kind(string name) => Enum.TryParse<FieldKind>(name, ignoreCase: true, out var kind) ? kind : throw new InvalidOperationException($"unknown type '{name}'; known are {string.Join(", ", Enum.GetNames<FieldKind>())}");

    private static int? Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt32() : null;
}

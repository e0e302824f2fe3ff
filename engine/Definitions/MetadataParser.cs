namespace WorkflowEngine.Definitions;

/// <summary>Text of a <c>*.metadata.json</c> file to its definition.</summary>
public static class MetadataParser
{
    private static readonly string[] Types = [.. DeclarationReader.FieldTypes, "id", "children"];

    public static ParseResult<MetadataDefinition> Parse(SourceText source) => Parse(YamlDocument.Read(source));

    public static ParseResult<MetadataDefinition> Parse(YamlDocument document) => Readers.Read(document, DocumentKind.Metadata, Read);

    private static MetadataDefinition Read(Readers readers, YamlMapping mapping)
    {
        var shapes = readers.Shapes;
        var keys = new KeyReader(readers.Diagnostics, mapping, "A metadata file");
        var connector = shapes.Text(keys.Required("connector", "\"connector\": \"salesforce\""), "salesforce");
        var taken = shapes.Text(keys.Optional("taken"), "2026-03-01T12:00:00Z");
        var entities = new List<MetadataEntity>();
        foreach (var entity in readers.Declarations.Entries(keys.Required("entities", "\"entities\": {}"), "entities", "\"entities\": { \"Account\": { \"fields\": {} } }"))
        {
            if (Entity(readers, entity) is { } one)
            {
                entities.Add(one);
            }
        }

        keys.Close();
        return new MetadataDefinition
        {
            Source = shapes.Source,
            Span = mapping.Span,
            Connector = connector ?? new Located<string>("", ShapeReader.First(mapping)),
            Taken = taken,
            Entities = entities,
        };
    }

    private static MetadataEntity? Entity(Readers readers, YamlEntry entry)
    {
        const string Example = "\"Account\": { \"fields\": { \"Name\": { \"type\": \"text\", \"length\": 255 } } }";
        if (readers.Shapes.Mapping(entry.Value, $"the fields of '{entry.Key.Value}'", Example) is not { } mapping)
        {
            return null;
        }

        var keys = new KeyReader(readers.Diagnostics, mapping, $"The entity '{entry.Key.Value}'", entry.Key.Span);
        var label = readers.Shapes.Text(keys.Optional("label"), "Account");
        var fields = readers.Declarations.Entries(keys.Required("fields", Example), "fields", Example);
        keys.Close();
        return new MetadataEntity(entry.Key.Span.To(entry.Value.Span), entry.Name, label, [.. fields.Select(f => Field(readers, f)).OfType<MetadataField>()]);
    }

    private static MetadataField? Field(Readers readers, YamlEntry entry)
    {
        const string Example = "\"Name\": { \"type\": \"text\", \"length\": 255 }";
        var shapes = readers.Shapes;
        if (shapes.Mapping(entry.Value, $"the properties of '{entry.Key.Value}'", Example) is not { } mapping)
        {
            return null;
        }

        var keys = new KeyReader(readers.Diagnostics, mapping, $"The field '{entry.Key.Value}'", entry.Key.Span);
        var type = shapes.Text(keys.Required("type", Example), "text");
        if (type is not null && !Types.Contains(type.Value))
        {
            readers.Diagnostics.Add(ShapeDiagnostics.UnknownType(type.Span, ShapeReader.Shorten(type.Value), Types));
        }

        var result = new MetadataField
        {
            Span = entry.Key.Span.To(entry.Value.Span),
            Name = entry.Name,
            Type = type ?? new Located<string>("text", entry.Key.Span),
            Label = shapes.Text(keys.Optional("label"), "Account name"),
            Length = shapes.Integer(keys.Optional("length"), 0),
            Precision = shapes.Integer(keys.Optional("precision"), 0, 38),
            Scale = shapes.Integer(keys.Optional("scale"), 0, 38),
            ExternalId = shapes.Boolean(keys.Optional("externalId")),
            Unique = shapes.Boolean(keys.Optional("unique")),
            Required = shapes.Boolean(keys.Optional("required")),
            Creatable = shapes.Boolean(keys.Optional("creatable")),
            Updatable = shapes.Boolean(keys.Optional("updatable")),
            Filterable = shapes.Boolean(keys.Optional("filterable")),
            Nullable = shapes.Boolean(keys.Optional("nullable")),
            Field = shapes.Text(keys.Optional("field"), "AccountId"),
            To = shapes.Texts(keys.Optional("to"), "[\"Account\"]"),
            Values = shapes.Texts(keys.Optional("values"), "[\"Active\"]"),
            Restricted = shapes.Boolean(keys.Optional("restricted")),
        };
        keys.Close();
        return result;
    }
}

using System.Text.RegularExpressions;

namespace WorkflowEngine.Definitions;

/// <summary>Reads types and fields that have one.</summary>
internal sealed partial class TypeReader(ShapeReader shapes, ValueReader values)
{
    private static readonly string[] Named =
        ["text", "integer", "number", "decimal", "boolean", "date", "instant", "duration", "timeZone", "cron"];

    private static readonly string[] Known = [.. Named, "choice", "list", "connection/Entity", "connection/Entity.field", "Id<connection/Entity>"];

    /// <summary>A type by itself: its text, <c>{ list: T }</c> or <c>{ fields: … }</c>.</summary>
    public TypeDefinition? Type(YamlNode node)
    {
        if (node is not YamlMapping mapping)
        {
            return Scalar(node, null);
        }

        var keys = new KeyReader(shapes.Diagnostics, mapping, "A type");
        var type = Type(keys, mapping, isParameter: false);
        keys.Close();
        return type;
    }

    /// <summary>The type among the other keys of a field or parameter.</summary>
    public TypeDefinition? Type(KeyReader keys, YamlMapping mapping, bool isParameter)
    {
        if (!isParameter)
        {
            if (keys.Optional("list") is { } list)
            {
                return Type(list.Value) is { } element ? new ListType(mapping.Span, element) : null;
            }

            if (keys.Optional("fields") is { } fields)
            {
                return new ObjectType(mapping.Span, Fields(fields, "street"));
            }
        }

        var of = keys.Optional("of");
        return keys.Required("type", "{ type: text }") is { } type ? Scalar(type.Value, of) : null;
    }

    public IReadOnlyList<FieldDefinition> Fields(YamlEntry? entry, string example)
    {
        if (entry is null || shapes.Mapping(entry.Value, $"names and types for '{entry.Key.Value}'", $"{entry.Key.Value}: {{ {example}: text }}") is not { } mapping)
        {
            return [];
        }

        return Fields(mapping);
    }

    public IReadOnlyList<FieldDefinition> Fields(YamlMapping mapping) => [.. mapping.Entries.Select(Field).OfType<FieldDefinition>()];

    private FieldDefinition? Field(YamlEntry entry)
    {
        var name = shapes.Name(entry.Name, "the name of a field");
        var span = entry.Key.Span.To(entry.Value.Span);
        if (entry.Value is not YamlMapping mapping)
        {
            return Scalar(entry.Value, null) is { } simple && name is not null ? new FieldDefinition(span, name, simple, null, null, null) : null;
        }

        var keys = new KeyReader(shapes.Diagnostics, mapping, $"The field '{entry.Key.Value}'", entry.Key.Span);
        var optional = shapes.Boolean(keys.Optional("optional"));
        var title = shapes.Text(keys.Optional("title"), "Id of the job");
        var value = values.Value(keys.Optional("default"));
        var type = Type(keys, mapping, isParameter: false);
        keys.Close();
        return type is null || name is null ? null : new FieldDefinition(span, name, type, optional, value, title);
    }

    private TypeDefinition? Scalar(YamlNode node, YamlEntry? of)
    {
        if (ShapeReader.IsRefused(node))
        {
            return null;
        }

        if (node is not YamlScalar { Kind: YamlScalarKind.Text } scalar)
        {
            shapes.Wrong(node, "a type", "type: text");
            return null;
        }

        var text = scalar.Value;
        switch (text)
        {
            case "choice":
                return Choice(scalar, of);
            case "list":
                return List(scalar, of);
            default:
                if (of is not null)
                {
                    shapes.Diagnostics.Add(ShapeDiagnostics.WrongShape(of.Key.Span, "'of' only with the types choice and list", $"it with {text}", "{ type: choice, of: [a, b] }"));
                }

                break;
        }

        if (Array.IndexOf(Named, text) >= 0)
        {
            return new NamedType(scalar.Span, text);
        }

        if (IdPattern().IsMatch(text))
        {
            return new IdType(scalar.Span, ReferenceReader.Entity(scalar, 3, text.Length - 4));
        }

        if (EntityPattern().Match(text) is { Success: true } match)
        {
            var field = match.Groups[1];
            return field.Success
                ? new EntityFieldType(scalar.Span, ReferenceReader.Entity(scalar, 0, field.Index - 1), ReferenceReader.Part(scalar, field.Index, field.Length))
                : new EntityType(scalar.Span, ReferenceReader.Entity(scalar, 0, text.Length));
        }

        if (shapes.Diagnostics.IsFull)
        {
            return null;
        }

        shapes.Diagnostics.Add(ShapeDiagnostics.UnknownType(scalar.Span, ShapeReader.Shorten(text), Known));
        return null;
    }

    private ChoiceType? Choice(YamlScalar scalar, YamlEntry? of)
    {
        if (of is null)
        {
            shapes.Diagnostics.Add(ShapeDiagnostics.MissingKey(scalar.Span, "The type choice", "of", "{ type: choice, of: [leave, flag] }"));
            return null;
        }

        var choices = shapes.Texts(of, "[leave, flag]");
        return choices.Count == 0 ? null : new ChoiceType(scalar.Span, choices);
    }

    private ListType? List(YamlScalar scalar, YamlEntry? of)
    {
        if (of is null)
        {
            shapes.Diagnostics.Add(ShapeDiagnostics.MissingKey(scalar.Span, "The type list", "of", "{ type: list, of: text }"));
            return null;
        }

        return Type(of.Value) is { } element ? new ListType(scalar.Span, element) : null;
    }

    [GeneratedRegex(@"\AId<[A-Za-z][A-Za-z0-9_-]*/[A-Za-z][A-Za-z0-9_]*>\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]*/[A-Za-z][A-Za-z0-9_]*(?:\.([A-Za-z][A-Za-z0-9_.]*))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex EntityPattern();
}

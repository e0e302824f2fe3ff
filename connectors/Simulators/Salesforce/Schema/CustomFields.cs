using System.Text.Json;

namespace WorkflowEngine.Simulators.Salesforce.Schema;

/// <summary>Turns a set-up request into a field. Two vocabularies: lower-case words of a template's needs, and the Metadata API's type names.</summary>
internal static class CustomFields
{
    /// <summary>Null, with <paramref name="problem"/>, when the description is not usable.</summary>
    public static FieldDefinition? Read(string name, JsonElement given, out string problem)
    {
        problem = "";
        if (given.ValueKind is not JsonValueKind.Object || !name.EndsWith("__c", StringComparison.Ordinal) || name.Length is < 4 or > 43
            || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || !char.IsAsciiLetter(name[0]))
        {
            problem = $"A custom field needs a name ending in __c and a description: '{name}'.";
            return null;
        }

        var type = Text(given, "type");
        var external = Flag(given, "externalId");
        var field = new FieldDefinition
        {
            Name = name, Type = "string", Label = Text(given, "label") ?? name[..^3].Replace('_', ' '), Custom = true, ExternalId = external, IdLookup = external,
            Unique = Flag(given, "unique"), CaseSensitive = Flag(given, "caseSensitive"), Nillable = !Flag(given, "required"),
        };
        var length = Number(given, "length");
        var (precision, scale) = (Number(given, "precision") ?? 18, Number(given, "scale") ?? 0);
        switch (type)
        {
            case "text" when Text(given, "digitsOf") is { } source:
                return field with { Length = length ?? 40, DigitsOf = source, Createable = false, Updateable = false };
            case "text" or "Text": return field with { Length = length ?? 255 };
            case "textarea" or "TextArea": return field with { Type = "textarea", Length = length ?? 255 };
            case "longText" or "LongTextArea": return field with { Type = "textarea", Length = length ?? 32_768 };
            case "boolean" or "Checkbox":
                return field with { Type = "boolean", Nillable = false, DefaultedOnCreate = true, Default = Flag(given, "defaultValue") };
            case "number" or "decimal" or "double" or "Number": return field with { Type = "double", Precision = precision, Scale = Scale("number") };
            case "integer": return field with { Type = "double", Precision = precision };
            case "currency" or "money" or "Currency": return field with { Type = "currency", Precision = precision, Scale = Scale("currency") };
            case "percent" or "Percent": return field with { Type = "percent", Precision = precision, Scale = scale };
            case "date" or "Date": return field with { Type = "date" };
            case "datetime" or "instant" or "DateTime": return field with { Type = "datetime" };
            case "email" or "Email": return field with { Type = "email", Length = 80 };
            case "phone" or "Phone": return field with { Type = "phone", Length = 40 };
            case "url" or "Url": return field with { Type = "url", Length = 255 };
            case "picklist" or "Picklist" or "MultiselectPicklist":
                return field with
                {
                    Type = type == "MultiselectPicklist" ? "multipicklist" : "picklist", Length = 255, Picklist = Values(given),
                    Restricted = Flag(given, "restricted"),
                };
            case "reference" or "Lookup" or "MasterDetail":
                var to = Text(given, "to") ?? Text(given, "referenceTo");
                if (to is null)
                {
                    problem = $"The reference '{name}' does not say to which object.";
                    return null;
                }

                return field with
                {
                    Type = "reference", Length = 18, ReferenceTo = [to], RelationshipName = $"{name[..^1]}r",
                    ChildRelationship = Text(given, "relationshipName") is { } child ? $"{child}__r" : null,
                    CascadeDelete = type == "MasterDetail", Nillable = type != "MasterDetail" && field.Nillable,
                };
            default:
                problem = $"The type '{type}' of '{name}' is not known here.";
                return null;
        }

        int Scale(string word) => Number(given, "scale") ?? (type == word || type == "money" || type == "decimal" ? 2 : 0);
    }

    private static List<string> Values(JsonElement given)
    {
        if (given.TryGetProperty("values", out var values) && values.ValueKind is JsonValueKind.Array)
        {
            return [.. values.EnumerateArray().Where(v => v.ValueKind is JsonValueKind.String).Select(v => v.GetString()!)];
        }

        // Metadata API: valueSet.valueSetDefinition.value[].fullName
        return given.TryGetProperty("valueSet", out var set) && set.ValueKind is JsonValueKind.Object
            && set.TryGetProperty("valueSetDefinition", out var definition) && definition.ValueKind is JsonValueKind.Object
            && definition.TryGetProperty("value", out var list) && list.ValueKind is JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(v => Text(v, "fullName") ?? Text(v, "valueName")).OfType<string>()] : [];
    }

    private static string? Text(JsonElement o, string name) =>
        o.ValueKind is JsonValueKind.Object && o.TryGetProperty(name, out var v) && v.ValueKind is JsonValueKind.String ? v.GetString() : null;

    private static bool Flag(JsonElement o, string name) => o.TryGetProperty(name, out var v) && v.ValueKind is JsonValueKind.True;

    private static int? Number(JsonElement o, string name) =>
        o.TryGetProperty(name, out var v) && v.ValueKind is JsonValueKind.Number && v.TryGetInt32(out var n) && n is >= 0 and <= 131_072 ? n : null;
}

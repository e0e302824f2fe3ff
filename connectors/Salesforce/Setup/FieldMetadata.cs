using System.Text.Json;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce.Setup;

/// <summary>A field as the Metadata API describes custom fields.</summary>
internal static class FieldMetadata
{
    // The most digits a number of an org has.
    private const int Precision = 18;

    // An external id is compared, sorted and indexed: longer ones are no keys.
    private const int DefaultLength = 255;

    public static void Write(Utf8JsonWriter writer, string entity, FieldDescriptor field)
    {
        writer.WriteStartObject();
        writer.WriteString("label", Label(field));
        writer.WriteBoolean("externalId", field.ExternalId);
        writer.WriteBoolean("required", false);
        switch (field.Type.Kind)
        {
            case FieldKind.Boolean:
                writer.WriteString("type", "Checkbox");
                writer.WriteString("defaultValue", "false");
                break;
            case FieldKind.Integer:
                Number(writer, "Number", 0);
                break;
            case FieldKind.Number:
                Number(writer, "Number", field.Type.Scale ?? 2);
                break;
            case FieldKind.Decimal:
                Number(writer, "Currency", field.Type.Scale ?? 2);
                break;
            case FieldKind.Date:
                writer.WriteString("type", "Date");
                break;
            case FieldKind.Instant:
                writer.WriteString("type", "DateTime");
                break;
            case FieldKind.Duration:
                writer.WriteString("type", "Time");
                break;
            case FieldKind.Url:
                writer.WriteString("type", "Url");
                break;
            case FieldKind.Email:
                writer.WriteString("type", "Email");
                Unique(writer, field);
                break;
            case FieldKind.Phone:
                writer.WriteString("type", "Phone");
                break;
            case FieldKind.Choice:
                Picklist(writer, field);
                break;
            case FieldKind.Id:
                writer.WriteString("type", "Lookup");
                writer.WriteString("referenceTo", field.Type.Entity ?? "");
                // The name of the list on the parent's side is unique there: the child's name is part of it.
                writer.WriteString("relationshipName", Trimmed((entity + "_" + field.Name).Replace("__c", "", StringComparison.Ordinal).Replace("__", "_", StringComparison.Ordinal)));
                writer.WriteString("relationshipLabel", Label(field));
                break;
            case FieldKind.LongText:
                writer.WriteString("type", "LongTextArea");
                writer.WriteNumber("length", field.Type.Length ?? 32_000);
                writer.WriteNumber("visibleLines", 5);
                break;
            default:
                writer.WriteString("type", "Text");
                writer.WriteNumber("length", Math.Min(field.Type.Length ?? DefaultLength, DefaultLength));
                Unique(writer, field);
                break;
        }

        writer.WriteEndObject();
    }

    private static void Unique(Utf8JsonWriter writer, FieldDescriptor field)
    {
        writer.WriteBoolean("unique", field.Unique);
        if (field.Unique) writer.WriteBoolean("caseSensitive", false);
    }

    private static void Number(Utf8JsonWriter writer, string type, int scale)
    {
        writer.WriteString("type", type);
        writer.WriteNumber("precision", Precision);
        writer.WriteNumber("scale", scale);
    }

    private static void Picklist(Utf8JsonWriter writer, FieldDescriptor field)
    {
        writer.WriteString("type", "Picklist");
        writer.WriteStartObject("valueSet");
        writer.WriteBoolean("restricted", field.Type is { Choices.Count: > 0, OpenChoices: false });
        writer.WriteStartObject("valueSetDefinition");
        writer.WriteBoolean("sorted", false);
        writer.WriteStartArray("value");
        foreach (var choice in field.Type.Choices ?? [])
        {
            writer.WriteStartObject();
            writer.WriteString("fullName", choice);
            writer.WriteString("label", choice);
            writer.WriteBoolean("default", false);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string Label(FieldDescriptor field) => Trimmed(field.Title ?? field.Name.Replace("__c", "", StringComparison.Ordinal).Replace('_', ' '));

    // Labels and relationship names have at most 40 characters.
    private static string Trimmed(string text) => text.Length <= 40 ? text : text[..40].TrimEnd('_', ' ');
}

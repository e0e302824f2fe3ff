using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Writes the body of a create or a PATCH: custom fields by type id, external data under our application, days as midnights.</summary>
internal sealed class RecordBody(Session session, EntityAccess access)
{
    private static readonly RecordWriter Values = new(new WireRules { DaysAreMidnights = true });
    private static readonly RecordWriter PlainDays = new(new WireRules());

    /// <summary>The body, or why a value cannot be sent.</summary>
    /// <param name="fields">Folded fields.</param>
    /// <param name="customIds">Ids of the custom field types by name; null when none are written.</param>
    /// <param name="update">Whether an existing record is changed: nulls clear then, and are left out otherwise.</param>
    public Outcome<HttpContent> Write(IReadOnlyDictionary<string, object?> fields, IReadOnlyDictionary<string, string>? customIds, bool update)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        try
        {
            using var writer = new Utf8JsonWriter(buffer);
            writer.WriteStartObject();
            foreach (var (name, value) in fields)
            {
                if (value is null && !update) continue;
                if (access.Entity.Field(name) is not { } field) return ServiceTitanErrors.Unfit($"{access.Entity.Name} has no field {name}.", name);
                if (name is "external" or "custom" && value is not IReadOnlyDictionary<string, object?>) return ServiceTitanErrors.Unfit($"{name} takes named values.", name);
                writer.WritePropertyName(access.WireFields.GetValueOrDefault(name)?.Name ?? name);
                if (name == "external")
                {
                    if (Refusal() is { } refusal) return refusal;
                    External(writer, (IReadOnlyDictionary<string, object?>)value!, update);
                }
                else if (name == "custom")
                {
                    if (Custom(writer, (IReadOnlyDictionary<string, object?>)value!, customIds!) is { } unknown) return unknown;
                }
                else
                {
                    (access.Wire.PlainDates.Contains(name) ? PlainDays : Values).WriteValue(writer, value, field.Type, name);
                }
            }

            writer.WriteEndObject();
            writer.Flush();
        }
        catch (RecordFormatException e)
        {
            return ServiceTitanErrors.Unfit(e.Message);
        }

        return Content(buffer.WrittenSpan);
    }

    /// <summary>JSON as a body.</summary>
    public static HttpContent Content(ReadOnlySpan<byte> json) => new ByteArrayContent(json.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private OperationError? Refusal() => session.Settings.ApplicationGuid is null
        ? new OperationError(ErrorKind.Misconfigured, "applicationGuid", "Writing external data needs the connection's setting applicationGuid.") { NotExecuted = true }
        : null;

    private void External(Utf8JsonWriter writer, IReadOnlyDictionary<string, object?> values, bool update)
    {
        writer.WriteStartObject();
        writer.WriteString("applicationGuid", session.Settings.ApplicationGuid);
        // The default would remove every key that is not sent.
        if (update) writer.WriteString("patchMode", "Merge");
        writer.WriteStartArray("externalData");
        foreach (var (key, value) in values)
        {
            if (value is null && !update) continue;
            writer.WriteStartObject();
            writer.WriteString("key", key);
            writer.WritePropertyName("value");
            Values.WriteValue(writer, value is string text ? ExternalText.ToWire(text) : value, FieldType.Of(FieldKind.Text), $"external.{key}");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static OperationError? Custom(Utf8JsonWriter writer, IReadOnlyDictionary<string, object?> values, IReadOnlyDictionary<string, string> ids)
    {
        writer.WriteStartArray();
        foreach (var (name, value) in values)
        {
            // The list replaces all: a value left out is cleared.
            if (value is null or "") continue;
            if (!ids.TryGetValue(name, out var id)) return ServiceTitanErrors.Unfit($"There is no custom field '{name}' in this tenant.", $"custom.{name}");
            writer.WriteStartObject();
            writer.WritePropertyName("typeId");
            writer.WriteRawValue(id);
            writer.WritePropertyName("value");
            Values.WriteValue(writer, value, FieldType.Of(FieldKind.Text), $"custom.{name}");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        return null;
    }
}

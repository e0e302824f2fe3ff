using System.Buffers;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Changes an invoice or a payment, whose custom fields go by name to a path of their own. Only the fields named are touched there.</summary>
internal sealed class UpdateWithNamedFields(IWriteOperation update) : IWriteOperation
{
    public async Task<Outcome<WriteResult>> WriteAsync(Session session, EntityAccess access, WriteItem item, CallPriority priority, CallTally tally, CancellationToken cancellationToken)
    {
        if (FoldedFields.Refused(item.Fields) is { } refused) return refused;
        var fields = FoldedFields.Of(item.Fields);
        if (!fields.Remove("custom", out var custom)) return await update.WriteAsync(session, access, item, priority, tally, cancellationToken).ConfigureAwait(false);
        if (item.Id is not { Length: > 0 } id || !id.All(char.IsAsciiDigit)) return ServiceTitanErrors.Unfit($"'{item.Id}' is no id of a {access.Entity.Name}.");
        if (custom is not IReadOnlyDictionary<string, object?> named) return ServiceTitanErrors.Unfit("custom takes named values.", "custom");
        if (fields.Count > 0)
        {
            var rest = await update.WriteAsync(session, access, item with { Fields = fields }, priority, tally, cancellationToken).ConfigureAwait(false);
            if (rest.Error is not null) return rest;
        }

        using var body = Body(id, named);
        tally.Add();
        return await session.Caller.SendAsync(
            CallPurpose.RepeatableWrite,
            token => session.Api.PatchAsync(session.Path(access.Wire.NamedFields!), body, priority, token),
            _ => Outcome<WriteResult>.Of(new WriteResult(id, Created: false)),
            cancellationToken).ConfigureAwait(false);
    }

    private static HttpContent Body(string id, IReadOnlyDictionary<string, object?> named)
    {
        var values = new RecordWriter(new WireRules());
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("operations");
            writer.WriteStartObject();
            writer.WritePropertyName("objectId");
            writer.WriteRawValue(id);
            writer.WriteStartArray("customFields");
            foreach (var (name, value) in named)
            {
                writer.WriteStartObject();
                writer.WriteString("name", name);
                writer.WritePropertyName("value");
                values.WriteValue(writer, value, FieldType.Of(FieldKind.Text), $"custom.{name}");
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return RecordBody.Content(buffer.WrittenSpan);
    }
}

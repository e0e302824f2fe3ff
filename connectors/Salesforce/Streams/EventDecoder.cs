using Avro;
using Avro.Generic;
using Avro.IO;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce.Streams;

/// <summary>Reads events by their schema. Fields are found by name, never by place: the vendor adds fields without notice.</summary>
internal sealed class EventDecoder
{
    private const string Header = "ChangeEventHeader";
    private readonly RecordSchema _schema;
    private readonly GenericDatumReader<GenericRecord> _reader;

    /// <summary>A decoder for one schema.</summary>
    /// <exception cref="RecordFormatException">The text is no schema of change events.</exception>
    public EventDecoder(string schema)
    {
        try
        {
            _schema = Schema.Parse(schema) as RecordSchema ?? throw new RecordFormatException("the schema of a change event is no record");
        }
        catch (Exception e) when (e is AvroException or Newtonsoft.Json.JsonException)
        {
            throw new RecordFormatException("the schema of a change event cannot be read");
        }

        _reader = new GenericDatumReader<GenericRecord>(_schema, _schema);
    }

    /// <summary>The event; null for one that is no change event.</summary>
    /// <exception cref="RecordFormatException">The bytes do not fit the schema.</exception>
    public ChangeEvent? Read(byte[] payload)
    {
        GenericRecord record;
        try
        {
            using var stream = new MemoryStream(payload);
            record = _reader.Read(null!, new BinaryDecoder(stream));
        }
        catch (Exception e) when (e is AvroException or EndOfStreamException or OverflowException or ArgumentException or IndexOutOfRangeException)
        {
            throw new RecordFormatException("a change event does not fit its schema");
        }

        if (!record.TryGetValue(Header, out var found) || found is not GenericRecord header) return null;
        return new ChangeEvent(
            Text(header, "entityName") ?? "",
            Texts(header, "recordIds"),
            Value(header, "changeType") is GenericEnum kind ? kind.Value : Text(header, "changeType") ?? "",
            Text(header, "changeOrigin") ?? "",
            Value(header, "commitTimestamp") is long at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : default,
            FieldBitmap.Names(_schema, Texts(header, "changedFields")));
    }

    private static object? Value(GenericRecord of, string name) => of.TryGetValue(name, out var value) ? value : null;

    private static string? Text(GenericRecord of, string name) => Value(of, name) as string;

    private static IReadOnlyList<string> Texts(GenericRecord of, string name) => Value(of, name) is System.Collections.IEnumerable list and not string ? [.. list.OfType<string>()] : [];
}

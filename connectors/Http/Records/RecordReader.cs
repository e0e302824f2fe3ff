using System.Text;
using System.Text.Json;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Reads wire JSON into the engine's values by the catalogue's types. Made once per entity, used by many threads. Fields the catalogue does not know are skipped.</summary>
public sealed class RecordReader
{
    private readonly Slot[] _slots;
    private readonly bool _open;

    /// <summary>A reader of records with these fields.</summary>
    /// <param name="fields">The fields to read; others are skipped.</param>
    /// <param name="wire">Fields that live elsewhere on the wire, by field name; null = none.</param>
    /// <param name="open">Also reads fields outside the list, untyped.</param>
    public RecordReader(IEnumerable<FieldDescriptor> fields, IReadOnlyDictionary<string, WireField>? wire = null, bool open = false)
    {
        _open = open;
        _slots = [.. fields.Select(field => new Slot(field.Name, field.Type, wire?.GetValueOrDefault(field.Name)))];
    }

    /// <summary>Reads the object the reader stands on.</summary>
    public Dictionary<string, object?> Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new RecordFormatException($"a record was expected, not {reader.TokenType}");
        var record = new Dictionary<string, object?>(_slots.Length);
        var next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var slot = Find(ref reader, ref next);
            if (slot is not null)
            {
                reader.Read();
                record[slot.Name] = slot.Read(ref reader);
            }
            else if (_open)
            {
                var name = reader.GetString()!;
                reader.Read();
                record[name] = ValueReader.ReadAny(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return record;
    }

    /// <summary>Reads the array of records the reader stands on.</summary>
    public List<IReadOnlyDictionary<string, object?>> ReadList(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new RecordFormatException($"a list of records was expected, not {reader.TokenType}");
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) rows.Add(Read(ref reader));
        return rows;
    }

    /// <summary>Reads a body that is one record.</summary>
    public Dictionary<string, object?> Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        return Read(ref reader);
    }

    // Vendors keep the order of their fields: the next expected one is tried first.
    private Slot? Find(ref Utf8JsonReader reader, ref int next)
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            var at = next + i;
            if (at >= _slots.Length) at -= _slots.Length;
            if (!reader.ValueTextEquals(_slots[at].WireName)) continue;
            next = at + 1 == _slots.Length ? 0 : at + 1;
            return _slots[at];
        }

        return null;
    }

    private sealed class Slot(string name, FieldType type, WireField? wire)
    {
        private readonly ValueReader _values = new(type, name);

        public string Name { get; } = name;

        public byte[] WireName { get; } = Encoding.UTF8.GetBytes(wire?.Name ?? name);

        public object? Read(ref Utf8JsonReader reader) => wire?.KeyProperty is { } key && reader.TokenType == JsonTokenType.StartArray
            ? NamedValues(ref reader, key, wire.ValueProperty!)
            : _values.Read(ref reader);

        private static Dictionary<string, object?> NamedValues(ref Utf8JsonReader reader, string keyProperty, string valueProperty)
        {
            var values = new Dictionary<string, object?>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (ValueReader.ReadAny(ref reader) is IReadOnlyDictionary<string, object?> row && row.GetValueOrDefault(keyProperty) is string key)
                {
                    values[key] = row.GetValueOrDefault(valueProperty);
                }
            }

            return values;
        }
    }
}

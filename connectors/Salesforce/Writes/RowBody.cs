using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Writes;

/// <summary>Writes one row as the vendor's record: parents named by external id under their relationship, dotted names folded.</summary>
internal sealed class RowBody(OrgSchema schema, string entity)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private const int MostKept = 256 * 1024;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _writer;

    private static readonly RecordWriter Values = new(new WireRules { SecondDigits = 3 });

    /// <summary>The record's JSON.</summary>
    /// <param name="item">The row.</param>
    /// <param name="keyField">Written with the row's key, for an upsert in a collection; null = not written.</param>
    /// <param name="id">Written as the record's id, for an update in a collection; null = not written.</param>
    /// <param name="omitted">A field left out: the key of a single upsert stands in its address.</param>
    /// <param name="typed">Says which object it is, as collections want it.</param>
    /// <exception cref="RecordFormatException">A value does not fit its field.</exception>
    public ReadOnlyMemory<byte> Write(WriteItem item, string? keyField, string? id, string? omitted, bool typed)
    {
        var (buffer, writer) = Writer();
        writer.WriteStartObject();
        if (typed)
        {
            writer.WriteStartObject("attributes");
            writer.WriteString("type", entity);
            writer.WriteEndObject();
        }

        if (id is not null) writer.WriteString("id", id);
        if (keyField is not null) WriteField(writer, entity, keyField, item.Key);
        List<(string Relationship, string Path, object? Value)>? parents = null;
        foreach (var (name, value) in item.Fields)
        {
            if (name == keyField || name == omitted) continue;
            if (value is ParentReference reference)
            {
                (parents ??= []).Add((schema.Relationship(entity, name), "", reference));
            }
            else if (name.IndexOf('.') is var dot and > 0)
            {
                (parents ??= []).Add((name[..dot], name[(dot + 1)..], value));
            }
            else
            {
                WriteField(writer, entity, name, value);
            }
        }

        if (parents is not null) WriteParents(writer, parents);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>This thread's buffer and writer, emptied: rows are written one after the other.</summary>
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) Writer()
    {
        if (_writer is not var (buffer, writer) || buffer.Capacity > MostKept)
        {
            buffer = new ArrayBufferWriter<byte>(4096);
            writer = new Utf8JsonWriter(buffer, Options);
            _writer = (buffer, writer);
            return (buffer, writer);
        }

        buffer.ResetWrittenCount();
        writer.Reset();
        return (buffer, writer);
    }

    private void WriteParents(Utf8JsonWriter writer, List<(string Relationship, string Path, object? Value)> parents)
    {
        foreach (var parent in parents.GroupBy(p => p.Relationship, StringComparer.Ordinal))
        {
            var target = schema.Reference(entity, parent.Key);
            writer.WriteStartObject(parent.Key);
            foreach (var (_, path, value) in parent)
            {
                if (value is ParentReference reference)
                {
                    // A reference that may point at several objects must say which; for others the plain form is the documented one.
                    if (target is { Type.Entity: null })
                    {
                        writer.WriteStartObject("attributes");
                        writer.WriteString("type", reference.Entity);
                        writer.WriteEndObject();
                    }

                    WriteField(writer, reference.Entity, reference.By, reference.Value);
                }
                else
                {
                    if (path.Contains('.', StringComparison.Ordinal)) throw new RecordFormatException($"{parent.Key}.{path} leads through more than one parent");
                    WriteField(writer, target?.Type.Entity, path, value);
                }
            }

            writer.WriteEndObject();
        }
    }

    private void WriteField(Utf8JsonWriter writer, string? owner, string name, object? value)
    {
        writer.WritePropertyName(name);
        var type = (owner is null ? null : schema.Field(owner, name)?.Type) ?? FieldType.Of(FieldKind.Any);
        Values.WriteValue(writer, Prepared(value), type, name);
    }

    private static object? Prepared(object? value) => value switch
    {
        TimeSpan time => SoqlLiteral.PlainText(time),
        // Several values of one picklist field are one text.
        IReadOnlyList<object?> list => string.Join(';', list.Select(SoqlLiteral.PlainText).OfType<string>()),
        string text => WellFormed(text),
        _ => value,
    };

    // Half a character is no text: JSON cannot carry it.
    private static string WellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else return string.Create(text.Length, text, static (to, from) => Replace(from, to));
        }

        return text;
    }

    private static void Replace(string from, Span<char> to)
    {
        from.CopyTo(to);
        for (var i = 0; i < to.Length; i++)
        {
            if (!char.IsSurrogate(to[i])) continue;
            if (char.IsHighSurrogate(to[i]) && i + 1 < to.Length && char.IsLowSurrogate(to[i + 1])) i++;
            else to[i] = '\uFFFD';
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Bulk;

/// <summary>
/// A wave of rows as one CSV file, made anew row by row whenever it is sent. A field a row does not set is empty (left alone), an emptied one is <c>#N/A</c>, a parent stands under its own key.
/// </summary>
internal sealed class BulkFile
{
    private const string Emptied = "#N/A";

    private readonly WriteBatch _batch;
    private readonly List<string> _columns = [];
    private readonly Dictionary<(string Field, string? Target), int> _places = [];
    private readonly Dictionary<int, OperationError> _errors = [];

    public BulkFile(OrgSchema schema, WriteBatch batch)
    {
        _batch = batch;
        if (batch.Verb != WriteVerb.Create) Place(KeyColumn!, null, KeyColumn!);
        foreach (var item in batch.Verb == WriteVerb.Delete ? [] : batch.Items)
        {
            foreach (var (name, value) in item.Fields)
            {
                if (name != KeyColumn) Place(name, Target(value), Header(schema, name, value));
            }
        }

        Length = CsvRows.Length(_columns);
        for (var i = 0; i < batch.Items.Count; i++)
        {
            try
            {
                Length += CsvRows.Length(Row(batch.Items[i]));
            }
            catch (RecordFormatException e)
            {
                _errors[i] = new OperationError(ErrorKind.Rejected, "value", e.Message) { NotExecuted = true };
            }
        }
    }

    /// <summary>Its bytes.</summary>
    public long Length { get; }

    /// <summary>The column that tells rows apart; null when only the whole row does.</summary>
    public string? KeyColumn => _batch.Verb switch
    {
        WriteVerb.Upsert => _batch.KeyField,
        WriteVerb.Create => null,
        _ => "Id",
    };

    /// <summary>Why a row cannot be sent; null when it can.</summary>
    public OperationError? Error(int row) => _errors.GetValueOrDefault(row);

    /// <summary>Writes the file.</summary>
    public async Task WriteAsync(Stream to, CancellationToken cancellationToken)
    {
        const int FlushAt = 64 * 1024;
        var part = new StringWriter();
        CsvRows.Write(part, _columns);
        var writer = new StreamWriter(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: FlushAt, leaveOpen: true);
        await using (writer.ConfigureAwait(false))
        {
            for (var i = 0; i <= _batch.Items.Count; i++)
            {
                if (i < _batch.Items.Count && !_errors.ContainsKey(i)) CsvRows.Write(part, Row(_batch.Items[i]));
                if (i < _batch.Items.Count && part.GetStringBuilder().Length < FlushAt) continue;
                await writer.WriteAsync(part.GetStringBuilder(), cancellationToken).ConfigureAwait(false);
                part.GetStringBuilder().Clear();
            }
        }
    }

    /// <summary>Finds the rows of results again: they come in any order. Several equal rows are taken one after the other.</summary>
    public RowFinder Finder()
    {
        var prints = new UInt128?[_batch.Items.Count];
        for (var i = 0; i < prints.Length; i++)
        {
            if (!_errors.ContainsKey(i)) prints[i] = Print(KeyColumn is null ? Row(_batch.Items[i]) : Row(_batch.Items[i]).AsSpan(0, 1));
        }

        return new RowFinder(prints);
    }

    /// <summary>What tells a result's row: its key, or all its values.</summary>
    /// <param name="row">The row as it was sent.</param>
    /// <param name="key">The place of the key column; null = none.</param>
    public static UInt128 Print(string[] row, int? key) => Print(key is { } at ? row.AsSpan(at, 1) : row);

    // Two rows that differ have the same print never: it is half of a SHA-256.
    private static UInt128 Print(ReadOnlySpan<string> values)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(values.Length == 1 ? values[0] : string.Join('\u001f', values)), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private void Place(string field, string? target, string header)
    {
        if (_places.ContainsKey((field, target))) return;
        if (!SoqlName.IsPath(field)) throw new ArgumentException($"'{field}' is no name of a Salesforce field.");
        _places[(field, target)] = _columns.Count;
        _columns.Add(header);
    }

    private string[] Row(WriteItem item)
    {
        var row = new string[_columns.Count];
        Array.Fill(row, "");
        if (KeyColumn is not null)
        {
            var key = _batch.Verb == WriteVerb.Upsert ? SoqlLiteral.PlainText(item.Key) : item.Id is { } id && SalesforceIds.HasShape(id) ? SalesforceIds.Long(id) : null;
            row[0] = string.IsNullOrEmpty(key) ? throw new RecordFormatException($"{KeyColumn} is missing") : key;
        }

        if (_batch.Verb == WriteVerb.Delete) return row;
        foreach (var (name, value) in item.Fields)
        {
            if (name == KeyColumn) continue;
            var text = value switch
            {
                ParentReference parent => SoqlLiteral.PlainText(parent.Value),
                IReadOnlyList<object?> list => string.Join(';', list.Select(SoqlLiteral.PlainText).OfType<string>()),
                _ => SoqlLiteral.PlainText(value),
            };
            if (text == Emptied) throw new RecordFormatException($"{name}: '{Emptied}' cannot be written by the Bulk API, where it empties a field");
            // A new record is empty anyway.
            row[_places[(name, Target(value))]] = string.IsNullOrEmpty(text) ? (_batch.Verb == WriteVerb.Create ? "" : Emptied) : text;
        }

        return row;
    }

    private static string? Target(object? value) => value is ParentReference parent ? $"{parent.Entity}.{parent.By}" : null;

    private string Header(OrgSchema schema, string name, object? value)
    {
        if (value is not ParentReference parent) return name;
        var relationship = schema.Relationship(_batch.Entity, name);
        // A reference that may point at several objects says which.
        return schema.Field(_batch.Entity, name) is { Type.Entity: null } ? $"{parent.Entity}:{relationship}.{parent.By}" : $"{relationship}.{parent.By}";
    }
}

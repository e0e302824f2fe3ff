using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Bulk;

/// <summary>A batch of rows as one CSV file. A field a row does not set is empty (left alone), an emptied one is <c>#N/A</c>, a parent stands under its own key.</summary>
internal sealed class BulkFile
{
    private const string Emptied = "#N/A";

    private readonly WriteBatch _batch;
    private readonly List<string> _columns = [];
    private readonly Dictionary<(string Field, string? Target), int> _places = [];
    private readonly string[]?[] _rows;

    public BulkFile(OrgSchema schema, WriteBatch batch)
    {
        _batch = batch;
        _rows = new string[]?[batch.Items.Count];
        Errors = new OperationError?[batch.Items.Count];
        if (batch.Verb != WriteVerb.Create) Place(KeyColumn!, null, KeyColumn!);
        foreach (var item in batch.Verb == WriteVerb.Delete ? [] : batch.Items)
        {
            foreach (var (name, value) in item.Fields)
            {
                if (name != KeyColumn) Place(name, Target(value), Header(schema, name, value));
            }
        }

        for (var i = 0; i < _rows.Length; i++)
        {
            try
            {
                _rows[i] = Row(batch.Items[i]);
            }
            catch (RecordFormatException e)
            {
                Errors[i] = new OperationError(ErrorKind.Rejected, "value", e.Message) { NotExecuted = true };
            }
        }
    }

    /// <summary>Rows that cannot be sent.</summary>
    public OperationError?[] Errors { get; }

    /// <summary>The column that tells rows apart; null when only the whole row does.</summary>
    public string? KeyColumn => _batch.Verb switch
    {
        WriteVerb.Upsert => _batch.KeyField,
        WriteVerb.Create => null,
        _ => "Id",
    };

    /// <summary>The file's text.</summary>
    public string Text()
    {
        var text = new StringBuilder(_rows.Length * 64);
        CsvRows.Write(text, _columns);
        foreach (var row in _rows.OfType<string[]>()) CsvRows.Write(text, row);
        return text.ToString();
    }

    /// <summary>Finds a result's row again: answers come in any order. Several equal rows are taken one after the other.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<string>, int?> Finder()
    {
        var places = new Dictionary<string, Queue<int>>(StringComparer.Ordinal);
        for (var i = 0; i < _rows.Length; i++)
        {
            if (_rows[i] is not { } row) continue;
            var key = KeyColumn is null ? string.Join('\u001f', row) : row[0];
            if (!places.TryGetValue(key, out var queue)) places[key] = queue = new Queue<int>();
            queue.Enqueue(i);
        }

        return (header, row) =>
        {
            var key = KeyColumn is { } name ? header.ToList().FindIndex(h => h.Equals(name, StringComparison.OrdinalIgnoreCase)) is var at and >= 0 && at < row.Count ? row[at] : "" : string.Join('\u001f', row);
            return places.TryGetValue(key, out var queue) && queue.TryDequeue(out var index) ? index : null;
        };
    }

    private void Place(string field, string? target, string header)
    {
        if (!SoqlName.IsPath(field)) throw new ArgumentException($"'{field}' is no name of a Salesforce field.");
        if (_places.TryAdd((field, target), _columns.Count)) _columns.Add(header);
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

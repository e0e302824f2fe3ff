using WorkflowEngine.Definitions;

namespace WorkflowEngine.FlowTesting;

/// <summary>
/// Salesforce gives ids itself, so the id a test writes is a name: it stands for the record's real id wherever it is written again, also as a part of a key
/// (<c>campaign/contact</c>).
/// </summary>
internal sealed class RecordNames
{
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    public void Add(string name, string id) => _ids[name] = id;

    public bool Knows(string name) => _ids.ContainsKey(name);

    public string Resolve(string text)
    {
        if (_ids.Count == 0) return text;
        if (_ids.TryGetValue(text, out var id)) return id;
        return text.Contains('/', StringComparison.Ordinal) ? string.Join('/', text.Split('/').Select(p => _ids.GetValueOrDefault(p, p))) : text;
    }

    /// <summary>A text with names in place of ids, as a test would write it; null when it speaks of a record that has no name.</summary>
    /// <param name="text">As the system has it.</param>
    /// <param name="isId">Whether a part is an id of a record.</param>
    public string? NameOf(string text, Func<string, bool> isId)
    {
        var named = new List<string>();
        foreach (var part in text.Split('/'))
        {
            var name = _ids.FirstOrDefault(i => i.Value == part).Key;
            if (name is null && isId(part)) return null;
            named.Add(name ?? part);
        }

        return string.Join('/', named);
    }

    public ValueDefinition Resolve(ValueDefinition value) => value switch
    {
        LiteralValue { Kind: LiteralKind.Text } text => text with { Text = Resolve(text.Text) },
        ListValue list => list with { Items = [.. list.Items.Select(Resolve)] },
        ObjectValue record => Resolve(record),
        _ => value,
    };

    public ObjectValue Resolve(ObjectValue record) => record with { Lines = Resolve(record.Lines) };

    public IReadOnlyList<FieldLine> Resolve(IReadOnlyList<FieldLine> lines) => [.. lines.Select(l => l with { Value = Resolve(l.Value) })];

    public IReadOnlyList<TableDefinition> Resolve(IReadOnlyList<TableDefinition> tables) =>
        [.. tables.Select(t => t with { Rows = [.. t.Rows.Select(r => r with { Key = Resolve(r.Key), Values = Resolve(r.Values) })] })];
}

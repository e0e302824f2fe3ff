using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Rows.Objects;

/// <summary>A row on its way into the org. Rules may still change its values.</summary>
internal sealed class RowChange(OrgState state, RecordWriter writer, WriteContext context, ObjectDefinition definition, OrgRecord? existing, Dictionary<string, object?> values)
{
    public OrgState State => state;

    public RecordWriter Writer => writer;

    public WriteContext Context => context;

    public ObjectDefinition Definition => definition;

    public OrgRecord? Existing => existing;

    public Dictionary<string, object?> Values => values;

    public bool IsNew => existing is null;

    public bool Sets(string field) => values.ContainsKey(field);

    /// <summary>The value the record will have.</summary>
    public object? Value(string field) => values.TryGetValue(field, out var value) ? value : existing?.Values.GetValueOrDefault(field);

    public string? Text(string field) => Value(field) as string;

    public bool Flag(string field) => Value(field) is true;

    public OrgRecord? Parent(string field) => Text(field) is { } id ? state.Find(id) : null;

    /// <summary>Living rows of an object whose reference points at a record.</summary>
    public IEnumerable<OrgRecord> Rows(string type, string reference, string? id)
    {
        var child = state.Schema.Find(type)!;
        return id is null ? [] : state.WithValue(child, child.FindAny(reference)!, id)!.Where(r => !r.IsDeleted).ToList();
    }
}

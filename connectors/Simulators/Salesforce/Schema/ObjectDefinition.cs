namespace WorkflowEngine.Simulators.Salesforce.Schema;

/// <summary>One object of the org with its fields.</summary>
internal sealed class ObjectDefinition(string name, string keyPrefix, bool custom)
{
    private readonly Dictionary<string, FieldDefinition> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, FieldDefinition> _byRelationship = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, FieldDefinition> _hidden = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<FieldDefinition> _fields = [];

    public string Name => name;

    public string KeyPrefix => keyPrefix;

    public bool Custom => custom;

    /// <summary>Set-up data: no recycle bin, no change events, written by set-up alone.</summary>
    public bool Setup { get; init; }

    public string Label { get; init; } = name.EndsWith("__c", StringComparison.Ordinal) ? name[..^3].Replace('_', ' ') : name;

    /// <summary>What the running user may see.</summary>
    public IReadOnlyList<FieldDefinition> Fields => _fields;

    /// <summary>Every field, with those nobody has been granted yet.</summary>
    public IEnumerable<FieldDefinition> AllFields => _fields.Concat(_hidden.Values);

    /// <summary>When the definition changed last; answers conditional describes.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    public FieldDefinition? Find(string field) => _byName.GetValueOrDefault(field);

    public FieldDefinition? FindRelationship(string relationship) => _byRelationship.GetValueOrDefault(relationship);

    /// <summary>A field whoever may see it.</summary>
    public FieldDefinition? FindAny(string field) => Find(field) ?? _hidden.GetValueOrDefault(field);

    /// <summary>Makes a field invisible, or visible with these rights.</summary>
    public void Grant(FieldDefinition field, bool read, bool edit)
    {
        Remove(field);
        if (read)
        {
            Add(field with { Createable = edit, Updateable = edit });
        }
        else
        {
            _hidden[field.Name] = field;
        }
    }

    public void Add(FieldDefinition field)
    {
        _byName.Add(field.Name, field);
        _fields.Add(field);
        if (field.RelationshipName is { } relationship)
        {
            _byRelationship[relationship] = field;
        }
    }

    public bool Remove(FieldDefinition field)
    {
        if (field.RelationshipName is { } relationship)
        {
            _byRelationship.Remove(relationship);
        }

        _fields.RemoveAll(f => f.Name == field.Name);
        _hidden.Remove(field.Name);
        return _byName.Remove(field.Name);
    }
}

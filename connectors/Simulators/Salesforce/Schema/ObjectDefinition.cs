namespace WorkflowEngine.Simulators.Salesforce.Schema;

/// <summary>One object of the org with its fields.</summary>
internal sealed class ObjectDefinition(string name, string keyPrefix, bool custom)
{
    private readonly Dictionary<string, FieldDefinition> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, FieldDefinition> _byRelationship = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<FieldDefinition> _fields = [];

    public string Name => name;

    public string KeyPrefix => keyPrefix;

    public bool Custom => custom;

    public string Label { get; init; } = name.EndsWith("__c", StringComparison.Ordinal) ? name[..^3].Replace('_', ' ') : name;

    public IReadOnlyList<FieldDefinition> Fields => _fields;

    /// <summary>When the definition changed last; answers conditional describes.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    public FieldDefinition? Find(string field) => _byName.GetValueOrDefault(field);

    public FieldDefinition? FindRelationship(string relationship) => _byRelationship.GetValueOrDefault(relationship);

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

        _fields.Remove(field);
        return _byName.Remove(field.Name);
    }
}

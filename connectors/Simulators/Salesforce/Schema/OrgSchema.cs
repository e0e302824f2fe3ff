using System.Globalization;

namespace WorkflowEngine.Simulators.Salesforce.Schema;

/// <summary>All objects of the org. Custom ones are added and taken away while it runs.</summary>
internal sealed class OrgSchema
{
    private readonly Dictionary<string, ObjectDefinition> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ObjectDefinition> _byPrefix = new(StringComparer.Ordinal);
    private readonly List<ObjectDefinition> _objects = [];
    private int _nextObject;
    private int _nextField;

    public OrgSchema(DateTimeOffset now, bool personAccounts)
    {
        foreach (var definition in StandardObjects.Build())
        {
            Add(definition, now);
        }

        if (personAccounts)
        {
            foreach (var (type, field) in StandardObjects.PersonFields())
            {
                Find(type)!.Add(field);
            }
        }
    }

    public IReadOnlyList<ObjectDefinition> Objects => _objects;

    public ObjectDefinition? Find(string name) => _byName.GetValueOrDefault(name);

    public ObjectDefinition? OfId(string id) => _byPrefix.GetValueOrDefault(id[..3]);

    /// <summary>References that point at this object.</summary>
    public IEnumerable<(ObjectDefinition Child, FieldDefinition Field)> Children(ObjectDefinition parent) =>
        _objects.SelectMany(o => o.Fields.Where(f => f.PointsAt(parent)).Select(f => (o, f)));

    public ObjectDefinition AddCustomObject(string name, DateTimeOffset now)
    {
        var definition = StandardObjects.NewCustom(name, string.Create(CultureInfo.InvariantCulture, $"a{_nextObject / 36 % 36:D1}{"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[_nextObject % 36]}"));
        _nextObject++;
        Add(definition, now);
        return definition;
    }

    public FieldDefinition AddField(ObjectDefinition definition, FieldDefinition field, DateTimeOffset now)
    {
        field = field with { DurableId = RecordId.Make("00N", ++_nextField) };
        definition.Add(field);
        definition.ChangedAt = now;
        return field;
    }

    private void Add(ObjectDefinition definition, DateTimeOffset now)
    {
        definition.ChangedAt = now;
        _byName.Add(definition.Name, definition);
        _byPrefix.Add(definition.KeyPrefix, definition);
        _objects.Add(definition);
    }
}

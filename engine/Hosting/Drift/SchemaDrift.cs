using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>Finds what has changed in an org since it was looked at last. What became wider breaks nothing and is not told.</summary>
public static class SchemaDrift
{
    /// <summary>The changes that matter to flows.</summary>
    /// <param name="before">The object as it was described then.</param>
    /// <param name="now">The object as it is described now.</param>
    /// <param name="used">Fields the flows read or write; a field that new records need now is told in any case. Null = all fields.</param>
    public static IReadOnlyList<SchemaChange> Compare(EntityDescriptor before, EntityDescriptor now, IReadOnlySet<string>? used = null)
    {
        var changes = new List<SchemaChange>();
        foreach (var old in before.Fields.Where(f => used is null || used.Contains(f.Name))) Compare(now.Name, old, now.Field(old.Name), changes);
        foreach (var field in now.Fields.Where(f => f.RequiredOnCreate && before.Field(f.Name) is not { RequiredOnCreate: true }))
        {
            changes.Add(new SchemaChange(now.Name, field.Name, SchemaChangeKind.Required, $"New records of {now.Name} need {field.Name} now."));
        }

        return changes;
    }

    private static void Compare(string entity, FieldDescriptor old, FieldDescriptor? now, List<SchemaChange> changes)
    {
        if (now is null)
        {
            Add(SchemaChangeKind.Gone, "is gone, or hidden from the running user");
            return;
        }

        if (old.Type.Kind != now.Type.Kind && !(IsText(old.Type.Kind) && IsText(now.Type.Kind))) Add(SchemaChangeKind.Type, $"was {old.Type.Kind} and is {now.Type.Kind}");
        else Narrower(old.Type, now.Type, Add);
        if ((old.Creatable && !now.Creatable) || (old.Updatable && !now.Updatable)) Add(SchemaChangeKind.Writable, "may no longer be written by the running user");
        if (old.Filterable && !now.Filterable) Add(SchemaChangeKind.Filterable, "can no longer stand in a condition");
        if ((old.ExternalId && !now.ExternalId) || (old.Unique && !now.Unique)) Add(SchemaChangeKind.Key, old.ExternalId && !now.ExternalId ? "is no external id any more" : "is not unique any more");

        void Add(SchemaChangeKind kind, string words) => changes.Add(new SchemaChange(entity, old.Name, kind, $"{entity}.{old.Name} {words}."));
    }

    private static void Narrower(FieldType old, FieldType now, Action<SchemaChangeKind, string> add)
    {
        if (old.Kind == FieldKind.Id && old.Entity != now.Entity) add(SchemaChangeKind.Type, $"pointed at {old.Entity ?? "several objects"} and points at {now.Entity ?? "several objects"}");
        if (now.Length is { } length && (old.Length is null || old.Length > length)) add(SchemaChangeKind.Shorter, $"takes {length} characters now");
        if (now.Scale is { } scale && old.Scale > scale) add(SchemaChangeKind.Shorter, $"keeps {scale} digits behind the point now");
        if (now is not { Choices: { } choices, OpenChoices: false }) return;
        var gone = (old.Choices ?? []).Except(choices, StringComparer.Ordinal).ToArray();
        if (gone.Length > 0) add(SchemaChangeKind.Choices, $"no longer takes {string.Join(", ", gone)}");
        else if (old.OpenChoices) add(SchemaChangeKind.Choices, "takes only the values of its list now");
    }

    private static bool IsText(FieldKind kind) => kind is FieldKind.Text or FieldKind.LongText or FieldKind.Choice or FieldKind.Url or FieldKind.Email or FieldKind.Phone;
}

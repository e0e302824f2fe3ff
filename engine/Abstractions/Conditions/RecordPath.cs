namespace WorkflowEngine.Abstractions;

/// <summary>Follows dotted paths through records, child lists and the catalogue; absent is null. A name with dots of its own (a custom field) is tried whole before it is split.</summary>
public static class RecordPath
{
    /// <summary>What is at the end of a path. A path through a list gives the list of what is found in its items.</summary>
    public static object? Read(object? value, string path)
    {
        if (value is not IReadOnlyDictionary<string, object?> record) return null;
        if (record.TryGetValue(path, out var direct)) return direct;
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? null : Rest(record.GetValueOrDefault(path[..dot]), path[(dot + 1)..]);
    }

    /// <summary>The values a path leads to: one, or one per row of a child list; nulls are left out.</summary>
    public static IEnumerable<object> Values(IReadOnlyDictionary<string, object?> record, string path) => Flat(Read(record, path));

    /// <summary>The field a path ends at; null when the catalogue does not know it (open fields, other entities).</summary>
    public static FieldDescriptor? Field(IReadOnlyList<FieldDescriptor> fields, string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? path : path[..dot];
        foreach (var field in fields)
        {
            if (field.Name != name) continue;
            if (dot < 0) return field;
            var type = field.Type.Kind == FieldKind.List ? field.Type.Item : field.Type;
            return type is null ? null : Field(type.Fields, path[(dot + 1)..]);
        }

        return null;
    }

    private static object? Rest(object? inner, string rest)
    {
        if (inner is not IReadOnlyList<object?> list) return Read(inner, rest);
        var found = new List<object?>(list.Count);
        foreach (var item in list) found.Add(Read(item, rest));
        return found;
    }

    private static IEnumerable<object> Flat(object? value) => value switch
    {
        null => [],
        IReadOnlyList<object?> list => list.SelectMany(Flat),
        _ => [value],
    };
}

using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Follows dotted paths through records, child lists and the catalogue.</summary>
public static class RecordPath
{
    /// <summary>The values a path leads to: one, or one per row of a child list; nulls are left out.</summary>
    public static IEnumerable<object> Values(IReadOnlyDictionary<string, object?> record, string path)
    {
        var dot = path.IndexOf('.');
        if (dot < 0) return Flat(record.GetValueOrDefault(path));
        // Names with dots (custom fields) are tried whole before they are split.
        if (record.TryGetValue(path, out var whole)) return Flat(whole);
        return record.GetValueOrDefault(path[..dot]) switch
        {
            IReadOnlyDictionary<string, object?> inner => Values(inner, path[(dot + 1)..]),
            IReadOnlyList<object?> rows => rows.OfType<IReadOnlyDictionary<string, object?>>().SelectMany(row => Values(row, path[(dot + 1)..])),
            _ => [],
        };
    }

    /// <summary>The field a path ends at; null when the catalogue does not know it (open fields, other entities).</summary>
    public static FieldDescriptor? Field(IReadOnlyList<FieldDescriptor> fields, string path)
    {
        var dot = path.IndexOf('.');
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

    private static IEnumerable<object> Flat(object? value) => value switch
    {
        null => [],
        IReadOnlyList<object?> list => list.OfType<object>(),
        _ => [value],
    };
}

using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>Hides values of sensitive fields before a record is shown.</summary>
public static class Redaction
{
    public const string Hidden = "•••";

    public static object? Of(object? value, IReadOnlyList<FieldDescriptor> fields) => value switch
    {
        IReadOnlyDictionary<string, object?> record => record.ToDictionary(p => p.Key, p => Field(p.Value, fields.FirstOrDefault(f => f.Name == p.Key))),
        IReadOnlyList<object?> list => list.Select(item => Of(item, fields)).ToList(),
        _ => value,
    };

    /// <summary>Puts back what was hidden and not changed in a record that a person edited.</summary>
    public static object? Restore(object? edited, object? original, IReadOnlyList<FieldDescriptor> fields)
    {
        if (edited is not IReadOnlyDictionary<string, object?> record || original is not IReadOnlyDictionary<string, object?> before) return edited;
        return record.ToDictionary(p => p.Key, p =>
        {
            var was = before.GetValueOrDefault(p.Key);
            if (fields.FirstOrDefault(f => f.Name == p.Key) is not { } field) return p.Value;
            if (field.Sensitive) return p.Value is Hidden ? was : p.Value;
            if (field.Type.Kind == FieldKind.Object) return Restore(p.Value, was, field.Type.Fields);
            if (field.Type is { Kind: FieldKind.List, Item.Fields: { } inner } && p.Value is IReadOnlyList<object?> now && was is IReadOnlyList<object?> then && now.Count == then.Count)
            {
                return now.Zip(then, (n, t) => Restore(n, t, inner)).ToList();
            }

            return p.Value;
        });
    }

    private static object? Field(object? value, FieldDescriptor? field)
    {
        if (value is null || field is null) return value;
        if (field.Sensitive) return Hidden;
        return field.Type.Kind switch
        {
            FieldKind.Object => Of(value, field.Type.Fields),
            FieldKind.List when field.Type.Item is { Kind: FieldKind.Object } item => Of(value, item.Fields),
            _ => value,
        };
    }
}

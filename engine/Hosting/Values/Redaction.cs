using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>Hides values of sensitive fields before a record is shown.</summary>
public static class Redaction
{
    public const string Hidden = HiddenValues.Shown;

    public static object? Of(object? value, IReadOnlyList<FieldDescriptor> fields) => value switch
    {
        IReadOnlyDictionary<string, object?> record => record.ToDictionary(p => p.Key, p => Field(p.Value, fields.FirstOrDefault(f => f.Name == p.Key))),
        IReadOnlyList<object?> list => list.Select(item => Of(item, fields)).ToList(),
        _ => value,
    };

    /// <summary>Gathers the values of sensitive fields as texts, for taking them out of values whose fields are not known.</summary>
    public static void Gather(object? value, IReadOnlyList<FieldDescriptor> fields, ISet<string> texts)
    {
        if (value is IReadOnlyList<object?> list)
        {
            foreach (var item in list) Gather(item, fields, texts);
        }
        else if (value is IReadOnlyDictionary<string, object?> record)
        {
            foreach (var field in fields)
            {
                if (record.GetValueOrDefault(field.Name) is not { } part) continue;
                if (!field.Sensitive) Gather(part, field.Type.Kind == FieldKind.List ? field.Type.Item?.Fields ?? [] : field.Type.Fields, texts);
                else if (FieldValues.AsText(part) is { Length: >= HiddenValues.Shortest } text) texts.Add(text);
            }
        }
    }

    /// <summary>The value without texts that hold one of these.</summary>
    public static object? Without(object? value, IReadOnlySet<string> texts) => value switch
    {
        IReadOnlyDictionary<string, object?> record => record.ToDictionary(p => p.Key, p => Without(p.Value, texts)),
        IReadOnlyList<object?> list => list.Select(item => Without(item, texts)).ToList(),
        null or bool => value,
        _ => FieldValues.AsText(value) is { } text && texts.Any(t => text.Contains(t, StringComparison.OrdinalIgnoreCase)) ? Hidden : value,
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

using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.FlowTesting;

/// <summary>Compares records as read with records as expected: only the fields that are named, each by its type.</summary>
internal static class RecordMatcher
{
    /// <summary>One line per field that differs; empty = the record is as expected.</summary>
    public static IReadOnlyList<string> Differences(ObjectValue expected, IReadOnlyDictionary<string, object?> actual, EntityDescriptor entity)
    {
        var result = new List<string>();
        foreach (var line in expected.Lines)
        {
            var path = line.Name.Value;
            var found = At(actual, path);
            if (!Equal(line.Value, found, Field(entity.Fields, path))) result.Add($"{path}: expected {Show(line.Value)}, found {Show(found)}");
        }

        return result;
    }

    public static string Show(ValueDefinition value) => value switch
    {
        NullValue => "null",
        LiteralValue { Kind: LiteralKind.Text } text => $"'{text.Text}'",
        LiteralValue literal => literal.Text,
        ListValue list => $"[{string.Join(", ", list.Items.Select(Show))}]",
        ObjectValue record => $"{{ {string.Join(", ", record.Lines.Select(l => $"{l.Name.Value}: {Show(l.Value)}"))} }}",
        _ => "?",
    };

    public static string Show(object? value) => value switch
    {
        null => "null",
        string text => $"'{(text.Length > 200 ? text[..200] + "…" : text)}'",
        IReadOnlyList<object?> list => $"[{string.Join(", ", list.Select(Show))}]",
        IReadOnlyDictionary<string, object?> record => $"{{ {string.Join(", ", record.Where(p => p.Value is not null).Select(p => $"{p.Key}: {Show(p.Value)}"))} }}",
        _ => FieldValues.AsText(value) ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static bool Equal(ValueDefinition expected, object? actual, FieldDescriptor? field)
    {
        switch (expected)
        {
            case NullValue:
                return FieldValues.IsEmpty(actual);
            case ListValue list:
                if (actual is null && list.Items.Count == 0) return true;
                if (actual is not IReadOnlyList<object?> items || items.Count != list.Items.Count) return false;
                var item = field?.Type.Item is { } type ? new FieldDescriptor { Name = field.Name, Type = type } : null;
                return list.Items.Select((e, i) => Equal(e, items[i], item)).All(same => same);
            case ObjectValue record:
                return actual is IReadOnlyDictionary<string, object?> part
                    && record.Lines.All(l => Equal(l.Value, At(part, l.Name.Value), Field(field?.Type.Fields ?? [], l.Name.Value)));
            case LiteralValue literal:
                return Scalar(literal, actual, field);
            default:
                return false;
        }
    }

    /// <summary>By the field's type; exact otherwise, so that a phone in another form or a name in another case is told.</summary>
    private static bool Scalar(LiteralValue expected, object? actual, FieldDescriptor? field)
    {
        if (FieldValues.IsEmpty(actual)) return false;
        if (field is not null && FieldValues.TryConvert(field.Type with { Length = null, Scale = null, OpenChoices = true }, expected.Text, out var wanted, out _) && wanted is not string)
        {
            return FieldComparison.Equal(field with { Search = SearchForm.None, IgnoreCase = false }, actual, wanted);
        }

        return actual switch
        {
            bool flag => expected.Text == (flag ? "true" : "false"),
            decimal or long or double => decimal.TryParse(expected.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && decimal.TryParse(FieldValues.AsText(actual), NumberStyles.Float, CultureInfo.InvariantCulture, out var found) && number == found,
            _ => FieldValues.AsText(actual!) == expected.Text,
        };
    }

    /// <summary>The value at a path: a field's own, or a part of an object.</summary>
    public static object? At(IReadOnlyDictionary<string, object?> record, string path)
    {
        if (record.TryGetValue(path, out var whole)) return whole;
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && record.GetValueOrDefault(path[..dot]) is IReadOnlyDictionary<string, object?> part ? At(part, path[(dot + 1)..]) : null;
    }

    private static FieldDescriptor? Field(IReadOnlyList<FieldDescriptor> fields, string path)
    {
        if (fields.FirstOrDefault(f => f.Name == path) is { } whole) return whole;
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && fields.FirstOrDefault(f => f.Name == path[..dot]) is { } part ? Field(part.Type.Fields, path[(dot + 1)..]) : null;
    }
}

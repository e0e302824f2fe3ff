namespace WorkflowEngine.Runtime;

/// <summary>Reads a dotted path of a record; absent is null. A path through a list gives the list of what is found in its items.</summary>
public static class RecordPath
{
    public static object? Read(object? value, string path)
    {
        if (value is not IReadOnlyDictionary<string, object?> record) return null;
        if (record.TryGetValue(path, out var direct)) return direct;
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? null : Rest(record.GetValueOrDefault(path[..dot]), path[(dot + 1)..]);
    }

    private static object? Rest(object? inner, string rest)
    {
        if (inner is not IReadOnlyList<object?> list) return Read(inner, rest);
        var found = new List<object?>(list.Count);
        foreach (var item in list) found.Add(Read(item, rest));
        return found;
    }
}

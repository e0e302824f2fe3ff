namespace WorkflowEngine.Runtime;

/// <summary>Fills the fields of an input that nothing was given for.</summary>
internal static class InputDefaults
{
    public static object? Over(object? input, IReadOnlyDictionary<string, object?> defaults)
    {
        if (defaults.Count == 0 || input is not (null or IReadOnlyDictionary<string, object?>)) return input;
        var given = input as IReadOnlyDictionary<string, object?>;
        Dictionary<string, object?>? filled = null;
        foreach (var (name, value) in defaults)
        {
            if (given?.GetValueOrDefault(name) is not null) continue;
            filled ??= given is null ? [] : new Dictionary<string, object?>(given);
            filled[name] = value;
        }

        return filled ?? input;
    }
}

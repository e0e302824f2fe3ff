namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Keys and values that integrations attach to a record, private to the GUID of each application.</summary>
internal sealed class ExternalData
{
    private readonly Dictionary<Guid, SortedDictionary<string, string>> _byApplication = [];

    public IReadOnlyDictionary<string, string> Of(Guid application) =>
        _byApplication.TryGetValue(application, out var pairs) ? pairs : new SortedDictionary<string, string>();

    public IEnumerable<Guid> Applications => _byApplication.Keys.Order();

    /// <summary>The rows with one of the values asked for.</summary>
    public static IEnumerable<T> Filter<T>(IEnumerable<T> rows, ListQuery query, Guid? application, Func<T, ExternalData> data)
    {
        // Both key and values are needed; one alone filters nothing, like any unknown parameter.
        if (application is not { } guid || query.Text("externalDataKey") is not { } key || query.Text("externalDataValues") is not { } values)
        {
            return rows;
        }

        var wanted = values.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        return wanted.Count > 50
            ? throw ServiceTitanErrors.Invalid("externalDataValues", "The list cannot have more than 50 items.")
            : rows.Where(r => data(r).Of(guid).TryGetValue(key, out var value) && wanted.Contains(value));
    }

    /// <summary>Merge changes only the keys given and deletes those with null; otherwise all other keys are removed.</summary>
    public void Set(Guid application, IEnumerable<(string Key, string? Value)> pairs, bool merge)
    {
        if (!_byApplication.TryGetValue(application, out var mine) || !merge)
        {
            mine = _byApplication[application] = new SortedDictionary<string, string>(StringComparer.Ordinal);
        }

        foreach (var (key, value) in pairs)
        {
            if (value is null)
            {
                mine.Remove(key);
            }
            else
            {
                mine[key] = value;
            }
        }
    }
}

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Keys and values that integrations attach to a record, private to the GUID of each application.</summary>
internal sealed class ExternalData
{
    private readonly Dictionary<Guid, SortedDictionary<string, string>> _byApplication = [];

    public IReadOnlyDictionary<string, string> Of(Guid application) =>
        _byApplication.TryGetValue(application, out var pairs) ? pairs : new SortedDictionary<string, string>();

    public IEnumerable<Guid> Applications => _byApplication.Keys.Order();

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

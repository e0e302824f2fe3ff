using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce.Reads;

/// <summary>Hands rows of a joined query to the askers they answer, by an index on the field that tells askers apart best.</summary>
internal sealed class RowRouting
{
    private readonly IReadOnlyList<Asker> _askers;
    private readonly Dictionary<string, List<Asker>>? _byKey;
    private readonly FieldDescriptor? _field;
    private readonly string[] _path = [];

    public RowRouting(IReadOnlyList<Asker> askers, OrgSchema schema, string entity)
    {
        _askers = askers;
        if (askers.Count < 2) return;
        foreach (var path in askers[0].NarrowingPaths())
        {
            var field = schema.Resolve(entity, path);
            if (Index(askers, path, field) is not { } index || index.Count <= (_byKey?.Count ?? 0)) continue;
            (_byKey, _field, _path) = (index, field, path.Split('.'));
        }
    }

    /// <summary>Adds a row to every asker it answers.</summary>
    /// <returns>False when it answers nobody: Salesforce compared in a way we do not know.</returns>
    public bool Give(IReadOnlyDictionary<string, object?> row)
    {
        // One asker alone takes what Salesforce found.
        if (_askers.Count == 1)
        {
            _askers[0].Rows.Add(row);
            return true;
        }

        IReadOnlyList<Asker> candidates = _askers;
        if (_byKey is not null)
        {
            candidates = Found(row);
        }

        var taken = false;
        foreach (var asker in candidates)
        {
            if (!asker.Matches(row)) continue;
            asker.Rows.Add(row);
            taken = true;
        }

        return taken;
    }

    private IReadOnlyList<Asker> Found(IReadOnlyDictionary<string, object?> row)
    {
        IReadOnlyList<Asker> all = [];
        foreach (var value in RowMatcher.ValuesAt(row, _path))
        {
            if (RowMatcher.Key(_field, value) is not { } key || !_byKey!.TryGetValue(key, out var some) || ReferenceEquals(all, some)) continue;
            // A list of children may name several askers, and one of them twice.
            all = all.Count == 0 ? some : [.. all.Union(some)];
        }

        return all;
    }

    private static Dictionary<string, List<Asker>>? Index(IReadOnlyList<Asker> askers, string path, FieldDescriptor? field)
    {
        var index = new Dictionary<string, List<Asker>>(StringComparer.Ordinal);
        foreach (var asker in askers)
        {
            if (asker.Narrowing(path) is not { } narrowing) return null;
            foreach (var key in narrowing.Values.Select(v => RowMatcher.Key(field, v)).OfType<string>().Distinct())
            {
                if (!index.TryGetValue(key, out var list)) index[key] = list = [];
                list.Add(asker);
            }
        }

        return index;
    }
}

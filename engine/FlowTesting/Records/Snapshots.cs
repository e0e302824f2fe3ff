using System.Text.Json.Nodes;

namespace WorkflowEngine.FlowTesting;

/// <summary>States as texts, one line per record.</summary>
internal static class Snapshots
{
    /// <summary>Of a simulator's <c>/_records</c>: lists of records by kind.</summary>
    /// <param name="all">The answer.</param>
    /// <param name="stamps">Members that say when, not what.</param>
    /// <param name="id">The member that names a record.</param>
    public static SortedDictionary<string, string> Of(JsonNode? all, IReadOnlyList<string> stamps, string id)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (all is not JsonObject kinds) return result;
        foreach (var (kind, rows) in kinds)
        {
            if (rows is not JsonArray list) continue;
            var place = 0;
            foreach (var row in list.OfType<JsonObject>())
            {
                var name = $"{kind} {row[id]?.ToString() ?? $"#{place}"}";
                place++;
                foreach (var stamp in stamps) row.Remove(stamp);
                result[name] = row.ToJsonString();
            }
        }

        return result;
    }

    /// <summary>What differs, one line each; empty = nothing.</summary>
    public static IReadOnlyList<string> Differences(SortedDictionary<string, string> before, SortedDictionary<string, string> after)
    {
        var result = new List<string>();
        foreach (var (name, text) in after)
        {
            if (!before.TryGetValue(name, out var old)) result.Add($"{name} is new: {text}");
            else if (old != text) result.Add($"{name} changed: {string.Join("; ", Changes(old, text))}");
        }

        foreach (var name in before.Keys)
        {
            if (!after.ContainsKey(name)) result.Add($"{name} is gone");
        }

        return result;
    }

    private static IEnumerable<string> Changes(string old, string text)
    {
        var (a, b) = ((JsonObject)JsonNode.Parse(old)!, (JsonObject)JsonNode.Parse(text)!);
        foreach (var name in a.Select(p => p.Key).Union(b.Select(p => p.Key)))
        {
            var (from, to) = (a[name]?.ToJsonString() ?? "nothing", b[name]?.ToJsonString() ?? "nothing");
            if (from != to) yield return $"{name} from {from} to {to}";
        }
    }
}

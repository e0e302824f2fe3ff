namespace WorkflowEngine.Cluster;

/// <summary>Shares lanes evenly: who has one keeps it up to the even share, so that as few as possible move.</summary>
public static class LaneSharing
{
    /// <summary>For each lane the node that should run it.</summary>
    /// <param name="now">Who runs it now; null or a name that is not among the nodes = nobody.</param>
    /// <param name="nodes">The nodes that live, at least one.</param>
    public static string[] Share(IReadOnlyList<string?> now, IEnumerable<string> nodes)
    {
        var names = nodes.Order(StringComparer.Ordinal).ToList();
        var counts = names.ToDictionary(n => n, n => now.Count(o => o == n), StringComparer.Ordinal);
        var (least, more) = (now.Count / names.Count, now.Count % names.Count);

        // Those that have most keep one more where it cannot be shared evenly.
        var most = names.OrderByDescending(n => counts[n]).ThenBy(n => n, StringComparer.Ordinal).Select((n, i) => (n, Share: least + (i < more ? 1 : 0))).ToDictionary(n => n.n, n => n.Share, StringComparer.Ordinal);
        var left = new Dictionary<string, int>(most, StringComparer.Ordinal);
        var shared = new string[now.Count];
        for (var lane = 0; lane < shared.Length; lane++)
        {
            if (now[lane] is not { } owner || !left.TryGetValue(owner, out var room) || room == 0) continue;
            shared[lane] = owner;
            left[owner]--;
        }

        for (var lane = 0; lane < shared.Length; lane++)
        {
            if (shared[lane] is not null) continue;
            var next = names.MaxBy(n => left[n])!;
            shared[lane] = next;
            left[next]--;
        }

        return shared;
    }
}

using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>Links and claims; the caller holds the lock.</summary>
internal sealed class MemoryLinks
{
    private readonly Dictionary<LinkKey, LinkRow> _rows = [];

    public int Count => _rows.Count;

    /// <summary>What stands in the way of the claims; the claims are not taken.</summary>
    public List<LinkRow> Conflicts(ClaimLinks claim)
    {
        var conflicts = new List<LinkRow>();
        foreach (var key in claim.Keys)
        {
            if (Live(key, claim.Now) is { } row && (row.RecordId is not null || row.OwnerRun != claim.Run)) conflicts.Add(row);
        }

        return conflicts;
    }

    public void Claim(ClaimLinks claim)
    {
        foreach (var key in claim.Keys) _rows[key] = new LinkRow(key, null, claim.Run, claim.ExpiresAt);
    }

    public void Link(LinkRecord link)
    {
        foreach (var (key, end) in link.Links) _rows[key] = new LinkRow(key, link.RecordId, null, end);
    }

    public void Release(string run)
    {
        foreach (var key in _rows.Where(r => r.Value.OwnerRun == run && r.Value.RecordId is null).Select(r => r.Key).ToList()) _rows.Remove(key);
    }

    public void Drop(IReadOnlyList<LinkKey> keys)
    {
        foreach (var key in keys) _rows.Remove(key);
    }

    public List<LinkRow> Find(IReadOnlyList<LinkKey> keys, DateTimeOffset now)
    {
        var found = new List<LinkRow>();
        foreach (var key in keys)
        {
            if (Live(key, now) is { } row) found.Add(row);
        }

        return found;
    }

    public List<LinkRow> OfRecord(string workspace, string realm, string entity, string record) =>
        [.. _rows.Values.Where(r => r.RecordId == record && r.Key.Workspace == workspace && r.Key.Realm == realm && r.Key.Entity == entity)];

    private LinkRow? Live(LinkKey key, DateTimeOffset now) => _rows.TryGetValue(key, out var row) && !(row.EndsAt <= now) ? row : null;
}

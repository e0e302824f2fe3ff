using System.Data.Common;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

/// <summary>The links that a group of change sets touches, as they were read and as the sets leave them. A refused set is undone.</summary>
internal sealed class LinkBook(IStoreDialect dialect)
{
    private readonly RowStatement _readKeys = LinkStatements.ReadKeys(dialect.ForUpdateOf("l"));
    private readonly RowStatement _readClaims = LinkStatements.ReadClaims(dialect.ForUpdateOf("l"));
    private readonly Dictionary<LinkKey, LinkRow> _stored = [];
    private readonly Dictionary<LinkKey, LinkRow?> _changed = [];
    private readonly List<(LinkKey Key, bool Had, LinkRow? Before)> _undo = [];

    public async Task LoadAsync(StoreSession session, IReadOnlyList<LinkKey> keys, IReadOnlyList<string> runs, CancellationToken cancellationToken)
    {
        _stored.Clear();
        _changed.Clear();
        if (keys.Count > 0)
        {
            await dialect.SendAsync(session, _readKeys, Numbered(keys), reader => Remember(Row(keys[reader.GetInt32(0)], reader, 1)), cancellationToken).ConfigureAwait(false);
        }

        if (runs.Count > 0)
        {
            await dialect.SendAsync(session, _readClaims, [.. runs.Select(run => new object?[] { run })], reader => Remember(FullRow(reader)), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    public void Begin() => _undo.Clear();

    /// <summary>Takes the claims, or answers the rows in the way.</summary>
    public IReadOnlyList<LinkRow> Claim(ClaimLinks claim)
    {
        List<LinkRow>? conflicts = null;
        foreach (var key in claim.Keys)
        {
            var row = Find(key);
            var inTheWay = row is not null && row.OwnerRun != claim.Run && (row.EndsAt is null || row.EndsAt > claim.Now);
            if (inTheWay) (conflicts ??= []).Add(row!);
            else Set(key, new LinkRow(key, null, claim.Run, claim.ExpiresAt));
        }

        return conflicts ?? (IReadOnlyList<LinkRow>)[];
    }

    public void Link(LinkRecord link)
    {
        foreach (var (key, endsAt) in link.Links)
        {
            // A link that stays does not get an end by the answer of another rule for the same record.
            var stays = Find(key) is { EndsAt: null } row && row.RecordId == link.RecordId;
            Set(key, new LinkRow(key, link.RecordId, null, stays ? null : endsAt));
        }
    }

    public void Release(string run)
    {
        var claims = _stored.Keys.Concat(_changed.Keys).Distinct().Where(key => Find(key) is { RecordId: null } row && row.OwnerRun == run).ToList();
        foreach (var key in claims) Set(key, null);
    }

    public void Drop(DropLinks drop)
    {
        foreach (var key in drop.Keys) Set(key, null);
    }

    public void Undo()
    {
        for (var i = _undo.Count - 1; i >= 0; i--)
        {
            var (key, had, before) = _undo[i];
            if (had) _changed[key] = before;
            else _changed.Remove(key);
        }
    }

    public async Task WriteAsync(StoreSession session, CancellationToken cancellationToken)
    {
        List<object?[]> added = [], changed = [], removed = [];
        foreach (var (key, row) in _changed)
        {
            var stored = _stored.ContainsKey(key);
            if (row is not null) (stored ? changed : added).Add([key.Workspace, key.Realm, key.Entity, key.Kind, key.KeyHash, row.RecordId, row.OwnerRun, row.EndsAt?.UtcTicks]);
            else if (stored) removed.Add(KeyOf(key));
        }

        await dialect.SendAsync(session, LinkStatements.Add, added, null, cancellationToken).ConfigureAwait(false);
        await dialect.SendAsync(session, LinkStatements.Change, changed, null, cancellationToken).ConfigureAwait(false);
        await dialect.SendAsync(session, LinkStatements.Remove, removed, null, cancellationToken).ConfigureAwait(false);
    }

    public static object?[][] Numbered(IReadOnlyList<LinkKey> keys) =>
        [.. keys.Select((key, n) => new object?[] { n, key.Workspace, key.Realm, key.Entity, key.Kind, key.KeyHash })];

    public static LinkRow Row(LinkKey key, DbDataReader reader, int first) => new(
        key,
        reader.IsDBNull(first) ? null : reader.GetString(first),
        reader.IsDBNull(first + 1) ? null : reader.GetString(first + 1),
        reader.IsDBNull(first + 2) ? null : new DateTimeOffset(reader.GetInt64(first + 2), TimeSpan.Zero));

    public static LinkRow FullRow(DbDataReader reader) => Row(
        new LinkKey(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)), reader, 5);

    private static object?[] KeyOf(LinkKey key) => [key.Workspace, key.Realm, key.Entity, key.Kind, key.KeyHash];

    private void Remember(LinkRow row) => _stored[row.Key] = row;

    private LinkRow? Find(LinkKey key) => _changed.TryGetValue(key, out var row) ? row : _stored.GetValueOrDefault(key);

    private void Set(LinkKey key, LinkRow? row)
    {
        _undo.Add((key, _changed.TryGetValue(key, out var before), before));
        _changed[key] = row;
    }
}

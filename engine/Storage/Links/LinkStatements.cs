using System.Collections.Concurrent;

namespace WorkflowEngine.Storage;

internal static class LinkStatements
{
    private const string SameLink =
        "l.workspace_id = v.workspace_id AND l.realm = v.realm AND l.entity = v.entity AND l.kind = v.kind AND l.key_hash = v.key_hash";

    // One object for one text: sessions know a statement by its object.
    private static readonly ConcurrentDictionary<string, RowStatement> KeyReads = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, RowStatement> ClaimReads = new(StringComparer.Ordinal);

    public static RowStatement ReadKeys(string forUpdate) => KeyReads.GetOrAdd(forUpdate, static forUpdate => new RowStatement(
        $"SELECT v.n, l.record_id, l.owner_run, l.ends_at FROM {{rows}}, link l WHERE {SameLink} {forUpdate}",
        [RowStatement.Int("n"), .. KeyColumns]));

    public static RowStatement ReadClaims(string forUpdate) => ClaimReads.GetOrAdd(forUpdate, static forUpdate => new RowStatement(
        $$"""
        SELECT l.workspace_id, l.realm, l.entity, l.kind, l.key_hash, l.record_id, l.owner_run, l.ends_at
        FROM {rows}, link l WHERE l.owner_run = v.owner_run AND l.record_id IS NULL {{forUpdate}}
        """,
        RowStatement.Text("owner_run")));

    public static readonly RowStatement OfRecord = new(
        """
        SELECT l.workspace_id, l.realm, l.entity, l.kind, l.key_hash, l.record_id, l.owner_run, l.ends_at
        FROM {rows}, link l WHERE l.workspace_id = v.workspace_id AND l.realm = v.realm AND l.entity = v.entity AND l.record_id = v.record_id
        ORDER BY l.kind, l.key_hash
        """,
        RowStatement.Text("workspace_id"), RowStatement.Text("realm"), RowStatement.Text("entity"), RowStatement.Text("record_id"));

    /// <summary>Without ON CONFLICT: of two nodes that claim one key, one must fail and look again.</summary>
    public static readonly RowStatement Add = new(
        """
        INSERT INTO link (workspace_id, realm, entity, kind, key_hash, record_id, owner_run, ends_at)
        SELECT v.workspace_id, v.realm, v.entity, v.kind, v.key_hash, v.record_id, v.owner_run, v.ends_at FROM {rows}
        """,
        ValueColumns);

    public static readonly RowStatement Change = new(
        """
        UPDATE link SET record_id = v.record_id, owner_run = v.owner_run, ends_at = v.ends_at FROM {rows}
        WHERE link.workspace_id = v.workspace_id AND link.realm = v.realm AND link.entity = v.entity AND link.kind = v.kind AND link.key_hash = v.key_hash
        """,
        ValueColumns);

    public static readonly RowStatement Remove = new(
        """
        DELETE FROM link WHERE (workspace_id, realm, entity, kind, key_hash) IN (SELECT v.workspace_id, v.realm, v.entity, v.kind, v.key_hash FROM {rows})
        """,
        KeyColumns)
    {
        One = "DELETE FROM link WHERE workspace_id = v.workspace_id AND realm = v.realm AND entity = v.entity AND kind = v.kind AND key_hash = v.key_hash",
    };

    public static readonly RowStatement Prune = new(
        "DELETE FROM link WHERE ends_at IS NOT NULL AND ends_at <= (SELECT MAX(v.until) FROM {rows})",
        RowStatement.Long("until"));

    private static Column[] KeyColumns =>
        [RowStatement.Text("workspace_id"), RowStatement.Text("realm"), RowStatement.Text("entity"), RowStatement.Text("kind"), RowStatement.Text("key_hash")];

    private static Column[] ValueColumns => [.. KeyColumns, RowStatement.Text("record_id"), RowStatement.Text("owner_run"), RowStatement.Long("ends_at")];
}

using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

/// <summary>Keeps out the commits of who lost a lane: in the transaction, before anything is written, the tokens of its lanes are compared with the leases.</summary>
internal sealed class Fence(IOwnership ownership)
{
    private static readonly RowStatement Hold = new($"SELECT pg_advisory_xact_lock_shared({LeaseStore.LockSpace}, v.lane) FROM {{rows}}", RowStatement.Int("lane"));

    // A statement of its own behind the locks: it must see what was committed while they were waited for.
    private static readonly RowStatement Tokens = new("SELECT l.lane, l.token FROM {rows}, lane_lease l WHERE l.lane = v.lane", RowStatement.Int("lane"));

    /// <summary>For each set whether one of its lanes is not this node's any more.</summary>
    public async Task<bool[]> JudgeAsync(IStoreDialect dialect, StoreSession session, IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
    {
        var lanes = sets.Select(Lane.Of).ToList();
        var all = lanes.SelectMany(set => set).Distinct().Order().ToList();
        var judged = new bool[sets.Count];
        if (all.Count == 0) return judged;
        List<object?[]> rows = [.. all.Select(lane => new object?[] { lane })];
        await dialect.QueryAsync(session, Hold, rows, _ => { }, cancellationToken).ConfigureAwait(false);
        var ours = new HashSet<int>();
        await dialect.QueryAsync(
            session,
            Tokens,
            rows,
            reader =>
            {
                // A lane that nobody ever had has no token, and neither has who has none of it.
                if (ownership.FencingToken(reader.GetInt32(0)) is var token and not 0 && reader.GetInt64(1) == token) ours.Add(reader.GetInt32(0));
            },
            cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < judged.Length; i++) judged[i] = lanes[i].Any(lane => !ours.Contains(lane));
        return judged;
    }
}

using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

/// <summary>Keeps out the commits of who lost a lane: in the transaction, before anything is written, the tokens of its lanes are compared with the leases.</summary>
internal sealed class Fence(IOwnership ownership)
{
    private static readonly RowStatement Hold = new($"SELECT pg_advisory_xact_lock_shared({LeaseStore.LockSpace}, v.lane) FROM {{rows}}", RowStatement.Int("lane"));

    // A statement of its own behind the locks: it must see what was committed while they were waited for.
    private static readonly RowStatement Tokens = new("SELECT l.lane, l.token FROM {rows}, lane_lease l WHERE l.lane = v.lane", RowStatement.Int("lane"));

    /// <summary>Asks for the tokens. What it returns is asked when the answer has come: whether one of the lanes of the set at a place is not this node's any more.</summary>
    public async Task<Func<int, bool>> AskAsync(IStoreDialect dialect, StoreSession session, IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
    {
        var lanes = sets.Select(Lane.Of).ToList();
        List<object?[]> rows = [.. lanes.SelectMany(set => set).Distinct().Order().Select(lane => new object?[] { lane })];
        await dialect.SendAsync(session, Hold, rows, _ => { }, cancellationToken).ConfigureAwait(false);
        var ours = new HashSet<int>();
        await dialect.SendAsync(
            session,
            Tokens,
            rows,
            reader =>
            {
                // A lane that nobody ever had has no token, and neither has who has none of it.
                if (ownership.FencingToken(reader.GetInt32(0)) is var token and not 0 && reader.GetInt64(1) == token) ours.Add(reader.GetInt32(0));
            },
            cancellationToken).ConfigureAwait(false);
        return place => lanes[place].Any(lane => !ours.Contains(lane));
    }
}

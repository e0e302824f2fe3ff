using System.Data.Common;

namespace WorkflowEngine.Storage;

/// <summary>The leases of lanes, where several nodes share one database. A take and a commit of the same lane wait for each other, so that a commit is either before the take or fenced by it.</summary>
public sealed class LeaseStore
{
    /// <summary>The first half of the advisory locks of lanes; any number of its own.</summary>
    internal const int LockSpace = 0x57_46_4C;

    private readonly StoreDatabase _database;

    internal LeaseStore(StoreDatabase database) => _database = database;

    private static readonly RowStatement Lock = new($"SELECT pg_advisory_xact_lock({LockSpace}, v.lane) FROM {{rows}}", RowStatement.Int("lane"));

    private static readonly RowStatement Take = new(
        "UPDATE lane_lease SET owner = v.new_owner, token = v.token + 1, taken_at = now() FROM {rows} WHERE lane_lease.lane = v.lane AND lane_lease.token = v.token RETURNING lane_lease.lane, lane_lease.token",
        RowStatement.Int("lane"), RowStatement.Long("token"), RowStatement.Text("new_owner"));

    private static readonly RowStatement Release = new(
        "UPDATE lane_lease SET owner = NULL FROM {rows} WHERE lane_lease.lane = v.lane AND lane_lease.token = v.token AND lane_lease.owner = v.old_owner",
        RowStatement.Int("lane"), RowStatement.Long("token"), RowStatement.Text("old_owner"));

    /// <summary>All leases as they stand.</summary>
    public Task<IReadOnlyList<LaneLease>> ReadAsync(CancellationToken cancellationToken) => _database.ReadAsync<IReadOnlyList<LaneLease>>(
        async session =>
        {
            var leases = new List<LaneLease>(Runtime.Lane.Count);
            await using var command = session.Connection.CreateCommand();
            command.CommandText = "SELECT lane, owner, token FROM lane_lease ORDER BY lane";
            await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) leases.Add(Read(reader));
            return leases;
        },
        cancellationToken);

    /// <summary>Takes lanes that still stand as they were read; answers those taken, with their new tokens.</summary>
    public Task<IReadOnlyList<LaneLease>> TakeAsync(string owner, IEnumerable<LaneLease> asRead, CancellationToken cancellationToken) => _database.WriteAsync<IReadOnlyList<LaneLease>>(
        async session =>
        {
            // In one order on every node.
            var wanted = asRead.OrderBy(l => l.Lane).ToList();
            await _database.Dialect.QueryAsync(session, Lock, [.. wanted.Select(l => new object?[] { l.Lane })], _ => { }, cancellationToken).ConfigureAwait(false);
            var taken = new List<LaneLease>(wanted.Count);
            await _database.Dialect.QueryAsync(
                session, Take, [.. wanted.Select(l => new object?[] { l.Lane, l.Token, owner })], reader => taken.Add(new LaneLease(reader.GetInt32(0), owner, reader.GetInt64(1))), cancellationToken).ConfigureAwait(false);
            return taken;
        },
        cancellationToken);

    /// <summary>Gives lanes back that this node has no run of any more.</summary>
    public Task ReleaseAsync(string owner, IEnumerable<LaneLease> held, CancellationToken cancellationToken) => _database.WriteAsync(
        session => _database.Dialect.ExecuteAsync(session, Release, [.. held.OrderBy(l => l.Lane).Select(l => new object?[] { l.Lane, l.Token, owner })], cancellationToken), cancellationToken);

    /// <summary>Waits until no other node changes the workspace, and keeps them out until it is disposed. Ends with the process, however that ends.</summary>
    public async Task<IAsyncDisposable> AloneAsync(string workspace, CancellationToken cancellationToken)
    {
        var alone = new DatabaseHold(await _database.ConnectAsync(cancellationToken).ConfigureAwait(false));
        try
        {
            await alone.TakeAsync(workspace, cancellationToken).ConfigureAwait(false);
            return alone;
        }
        catch
        {
            await alone.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Tells other servers that this one runs on the database, until it is disposed: alone, or as one of several. Null: a server runs there already that this one does not go together with.
    /// </summary>
    public async Task<IAsyncDisposable?> EnterAsync(bool asOneOfSeveral, CancellationToken cancellationToken)
    {
        var hold = new DatabaseHold(await _database.ConnectAsync(cancellationToken).ConfigureAwait(false));
        try
        {
            if (await hold.TryEnterAsync(asOneOfSeveral, cancellationToken).ConfigureAwait(false)) return hold;
        }
        catch
        {
            await hold.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await hold.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    private static LaneLease Read(DbDataReader reader) => new(reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt64(2));
}

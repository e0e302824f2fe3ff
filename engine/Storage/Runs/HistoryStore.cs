using System.Globalization;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

/// <summary>
/// Forgets explanation by its age, a bounded stretch at a time so that nobody waits for it. Runs and what belongs to them are found by their ids, which begin with the time, so no
/// index by time is needed.
/// </summary>
internal sealed class HistoryStore(StoreDatabase database) : IHistoryStore
{
    public Task<int> ForgetAsync(DateTimeOffset journalBefore, DateTimeOffset runsBefore, int most, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            var forgotten = await RunAsync(
                session, $"DELETE FROM journal_block WHERE id IN (SELECT b.id FROM journal_block b WHERE b.written_at < {Ticks(journalBefore)} ORDER BY b.written_at LIMIT {Text(Math.Max(1, most / 20))})",
                cancellationToken).ConfigureAwait(false);
            forgotten += await RunAsync(session, $"DELETE FROM bulk_job WHERE made_at < {Ticks(journalBefore)}", cancellationToken).ConfigureAwait(false);
            foreach (var workspace in await WorkspacesAsync(session, cancellationToken).ConfigureAwait(false))
            {
                forgotten += await RunAsync(
                    session,
                    $"""
                    DELETE FROM journal_entry WHERE (workspace_id, run_id, block_id) IN (
                        SELECT e.workspace_id, e.run_id, e.block_id FROM journal_entry e WHERE e.workspace_id = @workspace AND e.run_id < '{Boundary(journalBefore)}'
                            AND NOT EXISTS (SELECT 1 FROM journal_block b WHERE b.id = e.block_id) LIMIT {Text(most)})
                    """,
                    cancellationToken, workspace).ConfigureAwait(false);
                forgotten += await RunAsync(
                    session,
                    $"""
                    DELETE FROM effect WHERE id IN (
                        SELECT e.id FROM effect e WHERE e.workspace_id = @workspace AND e.run_id < '{Boundary(runsBefore)}' AND e.written_at < {Ticks(runsBefore)} LIMIT {Text(most)})
                    """,
                    cancellationToken, workspace).ConfigureAwait(false);
                forgotten += await RunAsync(
                    session,
                    $"""
                    DELETE FROM run WHERE (workspace_id, id) IN (
                        SELECT r.workspace_id, r.id FROM run r WHERE r.workspace_id = @workspace AND r.id < '{Boundary(runsBefore)}' AND r.ended_at < {Ticks(runsBefore)} LIMIT {Text(most)})
                    """,
                    cancellationToken, workspace).ConfigureAwait(false);
            }

            return forgotten;
        },
        cancellationToken);

    /// <summary>Ids of runs begin with the milliseconds of their start.</summary>
    private static string Boundary(DateTimeOffset before) => Math.Max(0, before.ToUnixTimeMilliseconds()).ToString("x12", CultureInfo.InvariantCulture);

    private static string Ticks(DateTimeOffset time) => time.UtcTicks.ToString(CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<int> RunAsync(StoreSession session, string sql, CancellationToken cancellationToken, string? workspace = null)
    {
        await using var command = session.Connection.CreateCommand();
        command.Transaction = session.Transaction;
        command.CommandText = sql;
        if (workspace is not null)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "workspace";
            parameter.Value = workspace;
            command.Parameters.Add(parameter);
        }

        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<string>> WorkspacesAsync(StoreSession session, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        await using var command = session.Connection.CreateCommand();
        command.Transaction = session.Transaction;
        command.CommandText = "SELECT workspace_id FROM workspace_key ORDER BY workspace_id";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) found.Add(reader.GetString(0));
        return found;
    }
}

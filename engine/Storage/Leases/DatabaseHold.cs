using System.Data.Common;

namespace WorkflowEngine.Storage;

/// <summary>An advisory lock on a connection of its own, which is closed with it.</summary>
internal sealed class DatabaseHold(DbConnection connection) : IAsyncDisposable
{
    private const int Space = 0x57_46_57;
    private const int Servers = 0x57_46_53;

    private bool _taken;

    public async Task TakeAsync(string workspace, CancellationToken cancellationToken)
    {
        await RunAsync($"SELECT pg_advisory_lock({Space}, hashtext(@workspace))", workspace, cancellationToken).ConfigureAwait(false);
        _taken = true;
    }

    /// <summary>False: a server holds it in another way.</summary>
    public async Task<bool> TryEnterAsync(bool shared, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT pg_try_advisory_lock{(shared ? "_shared" : "")}({Servers}, 0)";
        _taken = (bool)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        return _taken;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_taken) await RunAsync("SELECT pg_advisory_unlock_all()", null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DbException)
        {
            // The connection is gone, and the lock with it.
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync(string sql, string? workspace, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        // Another node may open connections to slow vendors meanwhile.
        command.CommandTimeout = 0;
        if (workspace is not null)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("workspace", workspace);
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}

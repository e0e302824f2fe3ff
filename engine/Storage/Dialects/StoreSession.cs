using System.Data.Common;

namespace WorkflowEngine.Storage;

/// <summary>A connection, its transaction and the commands prepared on it. Used by one caller at a time.</summary>
public sealed class StoreSession(DbConnection connection) : IAsyncDisposable
{
    private readonly Dictionary<RowStatement, DbCommand> _prepared = [];

    public DbConnection Connection { get; } = connection;

    public DbTransaction? Transaction { get; internal set; }

    /// <summary>The statement's command on this connection, made once.</summary>
    public DbCommand Prepared(RowStatement statement, Func<DbConnection, RowStatement, DbCommand> make)
    {
        if (!_prepared.TryGetValue(statement, out var command))
        {
            command = make(Connection, statement);
            _prepared.Add(statement, command);
        }

        command.Transaction = Transaction;
        return command;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _prepared.Values) await command.DisposeAsync().ConfigureAwait(false);
        _prepared.Clear();
    }
}

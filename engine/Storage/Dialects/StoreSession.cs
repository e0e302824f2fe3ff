using System.Data.Common;

namespace WorkflowEngine.Storage;

/// <summary>A connection, its transaction and the commands prepared on it. Used by one caller at a time.</summary>
public sealed class StoreSession(DbConnection connection) : IAsyncDisposable
{
    // Far more than there are. What is made anew for each use would be prepared each time, and kept for as long as the session lives.
    private const int MostPrepared = 200;

    private readonly Dictionary<RowStatement, DbCommand> _prepared = [];
    private readonly Dictionary<RowStatement, IDisposable> _own = [];
    private readonly Dictionary<string, DbCommand> _commands = [];

    public DbConnection Connection { get; } = connection;

    public DbTransaction? Transaction { get; internal set; }

    /// <summary>The statement's command on this connection, made once.</summary>
    public DbCommand Prepared(RowStatement statement, Func<DbConnection, RowStatement, DbCommand> make)
    {
        if (!_prepared.TryGetValue(statement, out var command))
        {
            if (_prepared.Count == MostPrepared) throw Anew(statement);
            command = make(Connection, statement);
            _prepared.Add(statement, command);
        }

        command.Transaction = Transaction;
        return command;
    }

    /// <summary>What a dialect prepares itself for the statement on this connection, made once and disposed of with the session.</summary>
    public T Own<T>(RowStatement statement, Func<DbConnection, RowStatement, T> make)
        where T : class, IDisposable
    {
        if (_own.TryGetValue(statement, out var kept)) return (T)kept;
        if (_own.Count == MostPrepared) throw Anew(statement);
        var made = make(Connection, statement);
        _own.Add(statement, made);
        return made;
    }

    /// <summary>A command of this connection by its text, made once; the caller sets all its parameters.</summary>
    public DbCommand Command(string sql)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = Connection.CreateCommand();
            command.CommandText = sql;
            _commands.Add(sql, command);
        }

        command.Transaction = Transaction;
        return command;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _commands.Values) await command.DisposeAsync().ConfigureAwait(false);
        _commands.Clear();
        foreach (var command in _prepared.Values) await command.DisposeAsync().ConfigureAwait(false);
        _prepared.Clear();
        foreach (var own in _own.Values) own.Dispose();
        _own.Clear();
    }

    private static InvalidOperationException Anew(RowStatement statement) => new($"A statement is made anew each time it is used; keep the object. {statement.Sql}");
}

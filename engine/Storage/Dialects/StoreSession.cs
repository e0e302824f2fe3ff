using System.Data.Common;

namespace WorkflowEngine.Storage;

/// <summary>A connection, its transaction and the commands prepared on it. Used by one caller at a time.</summary>
public sealed class StoreSession(DbConnection connection) : IAsyncDisposable
{
    // Far more than there are. What is made anew for each use would be prepared each time, and kept for as long as the session lives.
    private const int MostPrepared = 200;

    private readonly Dictionary<(RowStatement, Type), object> _prepared = [];
    private readonly Dictionary<string, DbCommand> _commands = [];

    public DbConnection Connection { get; } = connection;

    public DbTransaction? Transaction { get; internal set; }

    /// <summary>What a dialect keeps for this connection beside prepared statements.</summary>
    public object? OfDialect { get; set; }

    /// <summary>What a dialect prepares for the statement on this connection, made once and disposed of with the session.</summary>
    public T Prepared<T>(RowStatement statement, Func<DbConnection, RowStatement, T> make)
        where T : class
    {
        if (_prepared.TryGetValue((statement, typeof(T)), out var kept)) return (T)kept;
        if (_prepared.Count == MostPrepared) throw new InvalidOperationException($"A statement is made anew each time it is used; keep the object. {statement.Sql}");
        var made = make(Connection, statement);
        _prepared.Add((statement, typeof(T)), made);
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
        foreach (var prepared in _prepared.Values.OfType<IDisposable>()) prepared.Dispose();
        _prepared.Clear();
    }
}

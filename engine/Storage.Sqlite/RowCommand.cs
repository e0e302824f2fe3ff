using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace WorkflowEngine.Storage.Sqlite;

/// <summary>
/// A statement prepared on one connection that runs once per row, its values bound by place. The provider's command looks up each parameter by its name each time it runs,
/// which for rows of twenty values costs more than the insert itself, and makes a reader for each row that is asked for.
/// </summary>
internal sealed class RowCommand : IDisposable
{
    private const int OnStack = 512;
    private const int GuidLength = 36;
    private const int MostKept = 100;

    private static readonly object Never = new();

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly int[] _places;

    // What is bound at each place: it stays from row to row, and most values of a row (its workspace, deployment, trigger, kind) are those of the row before.
    private readonly object?[] _bound;
    private readonly RowReader _reader;

    public RowCommand(SqliteConnection connection, string sql, IReadOnlyList<string> parameters)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, sql, out _statement), _database);
        _places = [.. parameters.Select(name => raw.sqlite3_bind_parameter_index(_statement, name))];
        _bound = new object?[_places.Length];
        _reader = new RowReader(_statement);
    }

    /// <summary>Runs it for one row.</summary>
    /// <returns>How many rows it changed.</returns>
    /// <exception cref="SqliteException">The database refused; the row is not written.</exception>
    public int Run(object?[] row)
    {
        Bind(row);
        int code;
        do
        {
            code = raw.sqlite3_step(_statement);
        }
        while (code == raw.SQLITE_ROW);

        try
        {
            SqliteException.ThrowExceptionForRC(code, _database);
            return raw.sqlite3_stmt_readonly(_statement) != 0 ? 0 : raw.sqlite3_changes(_database);
        }
        finally
        {
            // Last: a reset may replace the message of what went wrong.
            raw.sqlite3_reset(_statement);
        }
    }

    /// <summary>Runs it for one row and tells of each row it answers, one after the other in the same reader.</summary>
    /// <exception cref="SqliteException">The database refused.</exception>
    public void Read(object?[] row, Action<DbDataReader> read)
    {
        Bind(row);
        try
        {
            int code;
            while ((code = raw.sqlite3_step(_statement)) == raw.SQLITE_ROW) read(_reader);
            SqliteException.ThrowExceptionForRC(code, _database);
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _statement.Dispose();
    }

    private void Bind(object?[] row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            // A column the statement does not name has no place.
            if (_places[i] == 0 || IsBound(_bound[i], row[i])) continue;
            // Bytes may change in their array, and long texts are not to be kept.
            _bound[i] = Never;
            SqliteException.ThrowExceptionForRC(Bind(_places[i], row[i]), _database);
            if (row[i] is not (byte[] or string { Length: > MostKept })) _bound[i] = row[i];
        }
    }

    /// <summary>Nothing bound at first is what null binds.</summary>
    private static bool IsBound(object? bound, object? value) => ReferenceEquals(bound, value) || (bound is not null && bound.Equals(value));

    private int Bind(int place, object? value) => value switch
    {
        null or DBNull => raw.sqlite3_bind_null(_statement, place),
        string text => BindText(place, StoreText.Clean(text)),
        long number => raw.sqlite3_bind_int64(_statement, place, number),
        int number => raw.sqlite3_bind_int64(_statement, place, number),
        bool flag => raw.sqlite3_bind_int64(_statement, place, flag ? 1 : 0),
        double number => raw.sqlite3_bind_double(_statement, place, number),
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(_statement, place, 0),
        byte[] bytes => raw.sqlite3_bind_blob(_statement, place, bytes),
        Guid id => BindGuid(place, id),
        _ => throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A value of type {value.GetType()} has no form in SQLite."), nameof(value)),
    };

    /// <summary>As the provider writes it, so that both find each other's rows: in upper case.</summary>
    private int BindGuid(int place, Guid id)
    {
        Span<byte> text = stackalloc byte[GuidLength];
        id.TryFormat(text, out _);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] >= 'a') text[i] -= 'a' - 'A';
        }

        return raw.sqlite3_bind_text(_statement, place, text);
    }

    private int BindText(int place, string text)
    {
        if (text.Length == 0) return raw.sqlite3_bind_text(_statement, place, "");
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most <= OnStack)
        {
            Span<byte> small = stackalloc byte[OnStack];
            return raw.sqlite3_bind_text(_statement, place, small[..Encoding.UTF8.GetBytes(text, small)]);
        }

        var bytes = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            return raw.sqlite3_bind_text(_statement, place, bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}

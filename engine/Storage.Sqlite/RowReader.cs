using System.Collections;
using System.Data.Common;
using System.Globalization;
using SQLitePCL;

namespace WorkflowEngine.Storage.Sqlite;

/// <summary>The row a prepared statement stands at, by column number. What the stores do not ask is not there.</summary>
internal sealed class RowReader(sqlite3_stmt statement) : DbDataReader
{
    public override int FieldCount => raw.sqlite3_column_count(statement);

    public override int Depth => 0;

    public override bool HasRows => true;

    public override bool IsClosed => false;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => throw ByNumber();

    public override bool IsDBNull(int ordinal) => raw.sqlite3_column_type(statement, ordinal) == raw.SQLITE_NULL;

    public override long GetInt64(int ordinal) => raw.sqlite3_column_int64(statement, ordinal);

    public override int GetInt32(int ordinal) => checked((int)GetInt64(ordinal));

    public override short GetInt16(int ordinal) => checked((short)GetInt64(ordinal));

    public override byte GetByte(int ordinal) => checked((byte)GetInt64(ordinal));

    public override bool GetBoolean(int ordinal) => GetInt64(ordinal) != 0;

    public override double GetDouble(int ordinal) => raw.sqlite3_column_double(statement, ordinal);

    public override string GetString(int ordinal) =>
        IsDBNull(ordinal) ? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Column {ordinal} is empty.")) : raw.sqlite3_column_text(statement, ordinal).utf8_to_string();

    public override Guid GetGuid(int ordinal) => Guid.Parse(GetString(ordinal), CultureInfo.InvariantCulture);

    public override T GetFieldValue<T>(int ordinal) => typeof(T) == typeof(byte[]) ? (T)(object)raw.sqlite3_column_blob(statement, ordinal).ToArray() : (T)GetValue(ordinal);

    public override object GetValue(int ordinal) => raw.sqlite3_column_type(statement, ordinal) switch
    {
        raw.SQLITE_INTEGER => GetInt64(ordinal),
        raw.SQLITE_FLOAT => GetDouble(ordinal),
        raw.SQLITE_TEXT => GetString(ordinal),
        raw.SQLITE_BLOB => GetFieldValue<byte[]>(ordinal),
        _ => DBNull.Value,
    };

    public override string GetName(int ordinal) => raw.sqlite3_column_name(statement, ordinal).utf8_to_string();

    public override float GetFloat(int ordinal) => throw Unasked();

    public override decimal GetDecimal(int ordinal) => throw Unasked();

    public override DateTime GetDateTime(int ordinal) => throw Unasked();

    public override char GetChar(int ordinal) => throw Unasked();

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw Unasked();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw Unasked();

    public override string GetDataTypeName(int ordinal) => throw Unasked();

    public override Type GetFieldType(int ordinal) => throw Unasked();

    public override int GetOrdinal(string name) => throw ByNumber();

    public override int GetValues(object[] values) => throw Unasked();

    public override IEnumerator GetEnumerator() => throw Unasked();

    public override bool NextResult() => false;

    public override bool Read() => throw Unasked();

    private static NotSupportedException ByNumber() => new("Columns are asked for by their number.");

    private static NotSupportedException Unasked() => new("No store asks for this.");
}

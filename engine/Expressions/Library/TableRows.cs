using System.Collections;
using System.Collections.Frozen;

namespace WorkflowEngine.Expressions.Library;

/// <summary>
/// The rows of a table, found by key at once. Each row is an object with its columns and <c>key</c>; keys compare as text, <c>*</c> is the default.
/// The value of the name <c>tables</c> is an object from table name to such rows; a plain list of rows works as well, more slowly.
/// </summary>
public sealed class TableRows : IReadOnlyList<object?>
{
    public const string KeyColumn = "key";
    public const string DefaultKey = "*";

    private readonly IReadOnlyDictionary<string, object?>[] rows;
    private readonly FrozenDictionary<string, int> positions;

    public TableRows(IEnumerable<IReadOnlyDictionary<string, object?>> rows)
    {
        this.rows = [.. rows];
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < this.rows.Length; i++)
        {
            if (TableLookup.KeyOf(this.rows[i]) is { } key)
            {
                found.TryAdd(key, i);
            }
        }

        positions = found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public int Count => rows.Length;

    public object? this[int index] => rows[index];

    /// <summary>The position of the row with this key, else of the default row, else -1.</summary>
    public int Find(string? key) =>
        key is not null && positions.TryGetValue(key, out var at) ? at : positions.GetValueOrDefault(DefaultKey, -1);

    public IEnumerator<object?> GetEnumerator() => ((IEnumerable<object?>)rows).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

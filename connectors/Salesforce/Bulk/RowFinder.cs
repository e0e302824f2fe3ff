namespace WorkflowEngine.Salesforce.Bulk;

/// <summary>Finds rows again by their prints; equal ones are handed out one after the other.</summary>
internal sealed class RowFinder
{
    private const int None = -1;

    private readonly Dictionary<UInt128, int> _next;
    private readonly int[] _after;

    public RowFinder(UInt128?[] prints)
    {
        _next = new Dictionary<UInt128, int>(prints.Length);
        _after = new int[prints.Length];
        for (var i = prints.Length - 1; i >= 0; i--)
        {
            if (prints[i] is not { } print) continue;
            _after[i] = _next.GetValueOrDefault(print, None);
            _next[print] = i;
        }
    }

    /// <summary>The row of a print; null when there is none (any more).</summary>
    public int? Take(UInt128 print)
    {
        if (!_next.TryGetValue(print, out var row) || row == None) return null;
        _next[print] = _after[row];
        return row;
    }

    /// <summary>Gives back the row that was taken last; several are given back in reverse order.</summary>
    public void Return(UInt128 print, int row)
    {
        _after[row] = _next.GetValueOrDefault(print, None);
        _next[print] = row;
    }
}

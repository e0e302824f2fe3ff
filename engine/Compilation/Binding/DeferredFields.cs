using System.Collections;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>The paths a step reads: known only when the whole flow was walked, fixed then.</summary>
internal sealed class DeferredFields(IReadOnlyList<RecordReads> reads, IEnumerable<string> always) : IReadOnlyList<string>
{
    private RecordReads[]? open = [.. reads];
    private string[] fields = [.. always];

    public int Count => Fixed().Length;

    public string this[int index] => Fixed()[index];

    public void Freeze()
    {
        if (open is null) return;
        fields = [.. open.SelectMany(r => r.Fields()).Concat(fields).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        open = null;
    }

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)Fixed()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private string[] Fixed() => open is null ? fields : throw new InvalidOperationException("The flow has not been walked to its end.");
}

using System.Collections;

namespace WorkflowEngine.Definitions;

/// <summary>Collects findings of all stages; one bag per compilation, not shared by threads.</summary>
public sealed class DiagnosticBag : IReadOnlyCollection<Diagnostic>
{
    private readonly List<Diagnostic> items = [];
    private readonly HashSet<(string Code, SourceText Source, int Offset, string Message)> seen = [];

    public int Count => items.Count;

    public bool HasErrors { get; private set; }

    /// <summary>The same finding at the same place is kept once: one file may be read by several flows.</summary>
    public void Add(Diagnostic diagnostic)
    {
        if (!seen.Add((diagnostic.Code, diagnostic.Source, diagnostic.Span.Offset, diagnostic.Message)))
        {
            return;
        }

        items.Add(diagnostic);
        HasErrors |= diagnostic.IsError;
    }

    public void AddRange(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            Add(diagnostic);
        }
    }

    /// <summary>By file, place, code: the order people read and baselines keep.</summary>
    public IReadOnlyList<Diagnostic> ToSorted() =>
        [.. items.OrderBy(d => d.Path, StringComparer.Ordinal).ThenBy(d => d.Span.Offset).ThenBy(d => d.Code, StringComparer.Ordinal)];

    public IEnumerator<Diagnostic> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

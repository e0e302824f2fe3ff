using System.Collections;

namespace WorkflowEngine.Definitions;

/// <summary>Collects findings of all stages; one bag per compilation, not shared by threads.</summary>
public sealed class DiagnosticBag : IReadOnlyCollection<Diagnostic>
{
    /// <summary>What is said about one file: beyond, mending the first of them comes first, and a hostile file earns no more work.</summary>
    internal const int MostOfOneFile = 500;

    private readonly int most;
    private readonly List<Diagnostic> items = [];
    private readonly HashSet<(string Code, SourceText Source, int Offset, string Message)> seen = [];

    public DiagnosticBag()
        : this(int.MaxValue)
    {
    }

    /// <param name="most">So many are kept, then one that says that there are more; for the reading of one file.</param>
    internal DiagnosticBag(int most) => this.most = most;

    public int Count => items.Count;

    /// <summary>Nothing more is taken: work that only finds more can stop.</summary>
    internal bool IsFull => items.Count > most;

    public bool HasErrors { get; private set; }

    /// <summary>The same finding at the same place is kept once: one file may be read by several flows.</summary>
    public void Add(Diagnostic diagnostic)
    {
        if (IsFull || !seen.Add((diagnostic.Code, diagnostic.Source, diagnostic.Span.Offset, diagnostic.Message)))
        {
            return;
        }

        if (items.Count == most)
        {
            diagnostic = SyntaxDiagnostics.TooManyMistakes(diagnostic.Span, most);
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

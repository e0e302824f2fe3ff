using System.Collections.Concurrent;
using WorkflowEngine.Definitions;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Hosting;

/// <summary>The connections that drafts name, told from their text alone: a draft may hold mistakes and is not compiled. Each save is read once.</summary>
public sealed class DraftSystems
{
    private const int MostKept = 2_000;

    private readonly ConcurrentDictionary<(string Workspace, string Id), (DateTimeOffset CreatedAt, long Revision, IReadOnlyDictionary<string, string> Named)> _kept = new();

    /// <summary>Logical name → connector.</summary>
    /// <param name="drafts">Where the files are.</param>
    /// <param name="listed">The draft as it was listed, without its files.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(DraftStore drafts, Draft listed, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue((listed.Workspace, listed.Id), out var kept) && (kept.CreatedAt, kept.Revision) == (listed.CreatedAt, listed.Revision)) return kept.Named;
        if (await drafts.FindAsync(listed.Workspace, listed.Id, cancellationToken).ConfigureAwait(false) is not { } draft) return new Dictionary<string, string>();
        if (_kept.Count >= MostKept) _kept.Clear();
        var named = Of(draft.Files);
        _kept[(draft.Workspace, draft.Id)] = (draft.CreatedAt, draft.Revision, named);
        return named;
    }

    /// <summary>Of the flows among these files; one that cannot be read names nothing.</summary>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<StoredFile> files)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files.Where(f => f.Path.EndsWith(".yaml", StringComparison.Ordinal) || f.Path.EndsWith(".yml", StringComparison.Ordinal) || f.Path.EndsWith(".json", StringComparison.Ordinal)))
        {
            if (YamlDocument.Read(new SourceText(file.Path, file.Content)) is not { Kind: DocumentKind.Flow, Root: YamlMapping root } || root.Find("connections")?.Value is not YamlMapping connections) continue;
            foreach (var entry in connections.Entries)
            {
                if (entry.Value is YamlScalar connector) named.TryAdd(entry.Key.Value, connector.Value);
            }
        }

        return named;
    }
}

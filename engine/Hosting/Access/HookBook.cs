using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Hosting;

/// <summary>Tokens of inbound calls by their hashes: those deployment files name, and those made through the API. Several of a deployment hold at once.</summary>
public sealed class HookBook
{
    private readonly Lock _gate = new();
    private ImmutableDictionary<string, ImmutableList<Entry>> _byName = ImmutableDictionary<string, ImmutableList<Entry>>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The token of a deployment file; it takes the place of the one it named before.</summary>
    public void SetFile(string workspace, string deployment, string token) => Change(deployment, entries =>
        entries.RemoveAll(e => e.Id is null && e.Workspace == workspace).Add(new Entry(workspace, null, Hash(token), null)));

    public void Add(HookToken token) => Change(token.Deployment, entries => entries.Add(Entry.Of(token)));

    /// <summary>All tokens made through the API, as they are stored; those of files stay.</summary>
    public void SetKept(IReadOnlyList<HookToken> tokens)
    {
        lock (_gate)
        {
            var kept = tokens.ToLookup(t => t.Deployment, Entry.Of, StringComparer.Ordinal);
            foreach (var name in _byName.Keys.Union(kept.Select(k => k.Key)).ToList()) _byName = _byName.SetItem(name, [.. _byName.GetValueOrDefault(name, []).Where(e => e.Id is null), .. kept[name]]);
        }
    }

    public void Remove(string workspace, string deployment, Guid id) => Change(deployment, entries => entries.RemoveAll(e => e.Id == id && e.Workspace == workspace));

    /// <summary>The workspace whose deployment of this name has this token; null when there is none.</summary>
    public string? Find(string deployment, string token, DateTimeOffset now) => _byName.TryGetValue(deployment, out var entries) ? Find(entries, token, now) : null;

    /// <summary>Whether one of these tokens, as they are stored, is this one.</summary>
    public static bool Holds(IEnumerable<HookToken> kept, string token, DateTimeOffset now) => Find(kept.Select(Entry.Of), token, now) is not null;

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static string? Find(IEnumerable<Entry> entries, string token, DateTimeOffset now)
    {
        var hash = Hash(token);
        string? found = null;
        // All are compared, so that the time taken tells nothing.
        foreach (var entry in entries)
        {
            if (CryptographicOperations.FixedTimeEquals(entry.Hash, hash) && (entry.ExpiresAt is not { } end || end > now)) found = entry.Workspace;
        }

        return found;
    }

    private void Change(string deployment, Func<ImmutableList<Entry>, ImmutableList<Entry>> change)
    {
        lock (_gate) _byName = _byName.SetItem(deployment, change(_byName.GetValueOrDefault(deployment, [])));
    }

    private sealed record Entry(string Workspace, Guid? Id, byte[] Hash, DateTimeOffset? ExpiresAt)
    {
        public static Entry Of(HookToken token) => new(token.Workspace, token.Id, token.Hash, token.ExpiresAt);
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Hosting;

/// <summary>
/// API keys: <c>flow_&lt;id&gt;_&lt;secret&gt;</c>. The secret is 256 random bits and is told once; its plain hash is kept, since a slow hash protects what people think up, not random bits.
/// </summary>
public sealed class AccessKeys(AccessKeyStore store, TimeProvider time)
{
    /// <summary>How every key begins, so that scanners of repositories know one.</summary>
    public const string Prefix = "flow_";

    private const int IdBytes = 9;
    private const int SecretBytes = 32;
    private const int MostCached = 10_000;

    /// <summary>A key revoked on another node ends here after this time at most.</summary>
    private static readonly TimeSpan Cached = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (AccessKey Key, DateTimeOffset Read)> _cache = new(StringComparer.Ordinal);

    /// <summary>Makes a key; its text is told once.</summary>
    public async Task<(AccessKey Key, string Text)> MakeAsync(string workspace, string name, string role, DateTimeOffset? expiresAt, string by, CancellationToken cancellationToken)
    {
        // Neither part may hold the underscore that divides them.
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        var key = new AccessKey
        {
            Workspace = workspace, Id = id, Name = name, Hash = Hash(secret), Role = role, CreatedAt = time.GetUtcNow(), CreatedBy = by, ExpiresAt = expiresAt,
        };
        await store.AddAsync(key, cancellationToken).ConfigureAwait(false);
        return (key, $"{Prefix}{id}_{secret}");
    }

    /// <summary>The key of a text that holds now; null when there is none, whatever the reason.</summary>
    public async ValueTask<AccessKey?> VerifyAsync(string text, CancellationToken cancellationToken)
    {
        if (text.Length > 200 || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length..].Split('_') is not [{ Length: IdBytes * 2 } id, { Length: > 0 } secret]) return null;
        var now = time.GetUtcNow();
        if (!_cache.TryGetValue(id, out var known) || now - known.Read > Cached)
        {
            if (await store.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } found) return null;
            if (_cache.Count >= MostCached) _cache.Clear();
            _cache[id] = known = (found, now);
        }

        var key = known.Key;
        var right = CryptographicOperations.FixedTimeEquals(key.Hash, Hash(secret));
        return right && key.RevokedAt is null && (key.ExpiresAt is not { } end || end > now) ? key : null;
    }

    /// <summary>Ends a key now, or at a time that leaves its users room to change; false when there is none that holds.</summary>
    public async Task<bool> EndAsync(string workspace, string id, DateTimeOffset at, bool revoke, CancellationToken cancellationToken)
    {
        var ended = await store.EndAsync(workspace, id, at, revoke, cancellationToken).ConfigureAwait(false);
        _cache.TryRemove(id, out _);
        return ended;
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>How webhooks are signed. ServiceTitan documents that there is an HMAC over the body and no more: header, hash and encoding are settings.</summary>
internal sealed class WebhookSignature(IReadOnlyList<string> keys, string header, string hash, string encoding)
{
    private readonly byte[][] _keys = [.. keys.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Whether the call carries the right signature; compared in constant time.</summary>
    public bool Signed(WebhookCall call)
    {
        var given = call.Headers.FirstOrDefault(h => h.Key.Equals(header, StringComparison.OrdinalIgnoreCase)).Value?.Trim();
        if (string.IsNullOrEmpty(given)) return false;
        // Some senders write the hash's name before the value.
        var prefix = hash + "=";
        if (given.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) given = given[prefix.Length..];
        // All keys are tried, so that the time tells nothing of which one fits.
        var signed = false;
        foreach (var key in _keys) signed |= Fits(Computed(key, call.Body.Span), given);
        return signed;
    }

    private byte[] Computed(byte[] key, ReadOnlySpan<byte> body) => hash switch
    {
        "sha1" => HMACSHA1.HashData(key, body),
        "sha512" => HMACSHA512.HashData(key, body),
        _ => HMACSHA256.HashData(key, body),
    };

    private bool Fits(byte[] computed, string given)
    {
        var bytes = new byte[computed.Length];
        var read = encoding == "base64"
            ? Convert.TryFromBase64String(given, bytes, out var written) && written == bytes.Length
            : given.Length == bytes.Length * 2 && Convert.FromHexString(given, bytes, out _, out written) == System.Buffers.OperationStatus.Done && written == bytes.Length;
        return read && CryptographicOperations.FixedTimeEquals(bytes, computed);
    }
}

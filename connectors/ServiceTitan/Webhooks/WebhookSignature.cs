using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>How webhooks are signed. ServiceTitan documents that there is an HMAC over the body and no more: header, hash and encoding are settings.</summary>
internal sealed class WebhookSignature(string key, string header, string hash, string encoding)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    /// <summary>Whether the call carries the right signature; compared in constant time.</summary>
    public bool Signed(WebhookCall call)
    {
        var given = call.Headers.FirstOrDefault(h => h.Key.Equals(header, StringComparison.OrdinalIgnoreCase)).Value?.Trim();
        if (string.IsNullOrEmpty(given)) return false;
        // Some senders write the hash's name before the value.
        var prefix = hash + "=";
        if (given.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) given = given[prefix.Length..];
        var computed = hash switch
        {
            "sha1" => HMACSHA1.HashData(_key, call.Body.Span),
            "sha512" => HMACSHA512.HashData(_key, call.Body.Span),
            _ => HMACSHA256.HashData(_key, call.Body.Span),
        };
        var bytes = new byte[computed.Length];
        var read = encoding == "base64"
            ? Convert.TryFromBase64String(given, bytes, out var written) && written == bytes.Length
            : given.Length == bytes.Length * 2 && Convert.FromHexString(given, bytes, out _, out written) == System.Buffers.OperationStatus.Done && written == bytes.Length;
        return read && CryptographicOperations.FixedTimeEquals(bytes, computed);
    }
}

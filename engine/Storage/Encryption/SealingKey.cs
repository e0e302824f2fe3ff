using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace WorkflowEngine.Storage;

/// <summary>Encrypts values under one 256-bit key with AES-GCM: <c>form (1) | nonce (12) | tag (16) | text</c>. Safe for several threads.</summary>
internal sealed class SealingKey(byte[] key) : IDisposable
{
    private const byte Form = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + NonceLength + TagLength;

    // An AesGcm keeps one native context, which two threads must not share.
    private readonly ConcurrentBag<AesGcm> _ciphers = [];

    /// <param name="value">The plain value.</param>
    /// <param name="purpose">Workspace, table, column and row: a value moved elsewhere does not open.</param>
    public byte[] Seal(ReadOnlySpan<byte> value, string purpose)
    {
        var result = new byte[HeaderLength + value.Length];
        result[0] = Form;
        var nonce = result.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        var cipher = Rent();
        cipher.Encrypt(nonce, value, result.AsSpan(HeaderLength), result.AsSpan(1 + NonceLength, TagLength), Encoding.UTF8.GetBytes(purpose));
        _ciphers.Add(cipher);
        return result;
    }

    /// <summary>Throws <see cref="CryptographicException"/> when the value was made by another key, for another purpose, or altered.</summary>
    public byte[] Open(ReadOnlySpan<byte> value, string purpose)
    {
        if (value.Length < HeaderLength || value[0] != Form) throw new CryptographicException("The stored value has an unknown form.");
        var result = new byte[value.Length - HeaderLength];
        var cipher = Rent();
        cipher.Decrypt(value.Slice(1, NonceLength), value[HeaderLength..], value.Slice(1 + NonceLength, TagLength), result, Encoding.UTF8.GetBytes(purpose));
        _ciphers.Add(cipher);
        return result;
    }

    public void Dispose()
    {
        while (_ciphers.TryTake(out var cipher)) cipher.Dispose();
    }

    private AesGcm Rent() => _ciphers.TryTake(out var cipher) ? cipher : new AesGcm(key, TagLength);
}

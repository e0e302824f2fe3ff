using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>Groups equal failures: the same step, kind, code and fields, whatever the record.</summary>
public static class Fingerprint
{
    private const int Bytes = 8;

    /// <summary>Whether it is one of these; other incidents begin with what they are.</summary>
    public static bool Is(string fingerprint) => fingerprint.Length == 2 * Bytes && fingerprint.All(char.IsAsciiHexDigitLower);

    public static string Of(string flow, string step, OperationError error)
    {
        var text = $"{flow}\n{step}\n{error.Kind}\n{error.Code}\n{string.Join(',', error.Fields)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes));
    }
}

using System.Security.Cryptography;
using System.Text;

namespace WorkflowEngine.Runtime;

/// <summary>The hash of a rule's normalised values.</summary>
internal static class LinkHash
{
    /// <summary>The kind of the link that guards a record against being taken over by two keys.</summary>
    public const string AdoptionPrefix = "record:";

    public static string Of(IReadOnlyList<string> values)
    {
        var text = new StringBuilder();
        foreach (var value in values) text.Append(value.Length).Append(':').Append(value);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}

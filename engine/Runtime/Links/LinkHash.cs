using System.Security.Cryptography;
using System.Text;

namespace WorkflowEngine.Runtime;

/// <summary>The hash of a rule's normalised values.</summary>
internal static class LinkHash
{
    /// <summary>The kind of the link that guards a record against being taken over by two keys.</summary>
    public const string AdoptionPrefix = "record:";

    /// <summary>The kind of the link of a create that is made once.</summary>
    public const string OncePrefix = "once:";

    /// <summary>The kind of the link that remembers, until settle has passed, that a record was created just now.</summary>
    public const string NewKind = "new";

    public static string Of(IReadOnlyList<string> values)
    {
        var text = new StringBuilder();
        foreach (var value in values) text.Append(value.Length).Append(':').Append(value);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}

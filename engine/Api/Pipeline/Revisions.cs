using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace WorkflowEngine.Api;

/// <summary>ETags: a revision in quotes.</summary>
internal static class Revisions
{
    public static string Tag(long revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    /// <summary>What the caller says it read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="expected">The revision; null = it must not exist yet.</param>
    /// <returns>False when it says nothing that can be understood.</returns>
    public static bool TryRead(HttpRequest request, out long? expected)
    {
        expected = null;
        string? none = request.Headers.IfNoneMatch;
        string? match = request.Headers.IfMatch;
        if (match is null) return none?.Trim() == "*";
        if (none is not null || match.Trim() is not ['"', .. var inner, '"'] || !long.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)) return false;
        expected = revision;
        return true;
    }
}

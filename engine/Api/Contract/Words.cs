using System.Text.Json;

namespace WorkflowEngine.Api;

/// <summary>Enumerations as the words of the API.</summary>
internal static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>False when it is none of the words, numbers included.</summary>
    public static bool TryRead<T>(string word, out T value)
        where T : struct, Enum
    {
        foreach (var known in Enum.GetValues<T>())
        {
            if (!string.Equals(Of(known), word, StringComparison.OrdinalIgnoreCase)) continue;
            value = known;
            return true;
        }

        value = default;
        return false;
    }

    public static string All<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Of));
}

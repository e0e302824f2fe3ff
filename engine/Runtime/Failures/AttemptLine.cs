using System.Globalization;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>A failed attempt as one line for people.</summary>
internal static class AttemptLine
{
    private const int MostText = 500;

    public static string Of(DateTimeOffset at, string step, OperationError error)
    {
        var message = error.Message.Length <= MostText ? error.Message : error.Message[..MostText] + "…";
        return $"{at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)} {step}: {error.Kind} {error.Code}: {message}";
    }
}

using System.Data.Common;

namespace WorkflowEngine.Cli;

/// <summary>Connection strings of database servers: what may be shown of them.</summary>
internal static class ConnectionText
{
    public const string Server = "postgres:";

    private static readonly string[] Secrets = ["password", "pwd", "ssl password", "sslpassword", "psw"];

    public static bool IsServer(string database) => database.StartsWith(Server, StringComparison.Ordinal);

    /// <summary>A password stands in it.</summary>
    public static bool HoldsSecret(string text) => IsServer(text) && (Parse(text) is not { } parts || Secrets.Any(parts.ContainsKey));

    /// <summary>The text without its password; what cannot be read is not shown at all.</summary>
    public static string Hide(string text)
    {
        if (!IsServer(text)) return text;
        if (Parse(text) is not { } parts) return Server + Setting.Hidden;
        foreach (var name in Secrets.Where(parts.ContainsKey)) parts[name] = Setting.Hidden;
        return Server + parts.ConnectionString;
    }

    private static DbConnectionStringBuilder? Parse(string text)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = text[Server.Length..] };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

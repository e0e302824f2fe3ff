using System.Globalization;
using System.Text;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Alerts;

/// <summary>An alert in words.</summary>
internal static class AlertText
{
    /// <summary>More lines than a person reads are counted.</summary>
    private const int MostLines = 50;

    /// <summary><c>default: 2 problems opened, 1 recovered</c>.</summary>
    public static string Subject(Alert alert)
    {
        var parts = new List<string>(2);
        if (alert.Opened.Count > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{alert.Opened.Count} {(alert.Opened.Count == 1 ? "problem" : "problems")} opened"));
        if (alert.Recovered.Count > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{alert.Recovered.Count} recovered"));
        return $"{alert.Workspace}: {string.Join(", ", parts)}";
    }

    public static string Body(Alert alert)
    {
        var text = new StringBuilder();
        Lines(text, "Opened", alert.Opened);
        Lines(text, "Recovered", alert.Recovered);
        return text.ToString();
    }

    private static void Lines(StringBuilder text, string head, IReadOnlyList<AlertLine> lines)
    {
        if (lines.Count == 0) return;
        text.Append(head).Append(":\n");
        foreach (var line in lines.Take(MostLines))
        {
            text.Append("- ");
            if (line.Deployment is { } deployment) text.Append(deployment).Append(": ");
            text.Append(CultureInfo.InvariantCulture, $"{line.Message} (since {line.Since.UtcDateTime:yyyy-MM-dd HH:mm} UTC, seen {line.Count} {(line.Count == 1 ? "time" : "times")})\n");
        }

        if (lines.Count > MostLines) text.Append(CultureInfo.InvariantCulture, $"- and {lines.Count - MostLines} more\n");
    }
}

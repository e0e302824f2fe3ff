using System.Text.Json;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Alerts;

/// <summary>An alert as a webhook's body. <c>text</c> is what chat programs show.</summary>
internal static class AlertJson
{
    public static byte[] Of(Alert alert) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        text = $"{AlertText.Subject(alert)}\n{AlertText.Body(alert)}", workspace = alert.Workspace, at = alert.At, opened = alert.Opened.Select(Line), recovered = alert.Recovered.Select(Line),
    });

    private static object Line(AlertLine line) => new { deployment = line.Deployment, message = line.Message, count = line.Count, since = line.Since };
}

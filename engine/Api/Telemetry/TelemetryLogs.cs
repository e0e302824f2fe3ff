using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace WorkflowEngine.Api;

/// <summary>Logs by OpenTelemetry, beside where else they go.</summary>
public static class TelemetryLogs
{
    /// <summary>Sends every line with the names of its parts.</summary>
    /// <param name="builder">The logging that is built.</param>
    /// <param name="otlp">The address.</param>
    public static void Send(ILoggingBuilder builder, Uri otlp) => builder.AddOpenTelemetry(logs =>
    {
        logs.IncludeFormattedMessage = true;
        logs.SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("workflow-engine", serviceVersion: typeof(TelemetryLogs).Assembly.GetName().Version?.ToString()));
        logs.AddOtlpExporter(exporter => TelemetryTarget.Set(exporter, otlp, "logs"));
    });
}

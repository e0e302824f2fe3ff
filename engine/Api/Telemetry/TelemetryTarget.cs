using OpenTelemetry.Exporter;

namespace WorkflowEngine.Api;

/// <summary>Where a signal is sent: one address for all of them, as the standard has it.</summary>
internal static class TelemetryTarget
{
    /// <summary>By gRPC the address is the service's; over HTTP each signal has a path of its own.</summary>
    /// <param name="exporter">The exporter.</param>
    /// <param name="address">The collector.</param>
    /// <param name="signal"><c>traces</c>, <c>metrics</c> or <c>logs</c>.</param>
    public static void Set(OtlpExporterOptions exporter, Uri address, string signal) =>
        exporter.Endpoint = exporter.Protocol == OtlpExportProtocol.HttpProtobuf ? new Uri($"{address.AbsoluteUri.TrimEnd('/')}/v1/{signal}") : address;
}

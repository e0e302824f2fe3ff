using System.Collections;
using Microsoft.Extensions.Configuration;

namespace WorkflowEngine.Api;

/// <summary>What the web framework may be told behind the server's own settings.</summary>
internal static class ServerConfiguration
{
    private const string Telemetry = "OTEL_";

    /// <summary>
    /// The framework would read files of the folder we happen to stand in and variables of its own: a second, unchecked way to open an address or to accept a token. Only the standard variables of
    /// OpenTelemetry (headers of the collector, names of the resource) are left.
    /// </summary>
    public static void Bound(ConfigurationManager configuration)
    {
        configuration.Sources.Clear();
        configuration.AddInMemoryCollection(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(v => ((string)v.Key).StartsWith(Telemetry, StringComparison.Ordinal))
            .Select(v => KeyValuePair.Create((string)v.Key, (string?)v.Value)));
    }
}

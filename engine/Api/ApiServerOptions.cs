using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>How a server is set up.</summary>
public sealed record ApiServerOptions
{
    /// <summary>Addresses to listen on, separated by semicolons.</summary>
    public required string Urls { get; init; }

    public required ILoggerFactory Logs { get; init; }

    /// <summary>The schema of flow files, served for editors; null = not served.</summary>
    public string? Schema { get; init; }

    /// <summary>The folder of the templates that ship with the program; null = none.</summary>
    public string? Templates { get; init; }

    /// <summary>The folder of the designer's built files; null or absent = a page that says so.</summary>
    public string? Designer { get; init; }

    /// <summary>Connections kept by the API may reach private addresses.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>Runs the tests of flow files (files, part of a name, coverage); null = this server runs none.</summary>
    public Func<IReadOnlyList<StoredFile>, string?, bool, CancellationToken, Task<FlowTestAnswer>>? Tester { get; init; }

    /// <summary>How callers prove who they are; not configured = loopback only, and every caller is an admin.</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>What https addresses prove themselves with; null = there are none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Where traces and metrics are sent by OTLP, as logs are by <see cref="TelemetryLogs"/>; null = nowhere, and nothing is traced.</summary>
    public Uri? Otlp { get; init; }
}

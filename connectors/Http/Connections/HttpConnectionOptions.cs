using System.Net.Http.Headers;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>How a connection reaches its vendor.</summary>
public sealed record HttpConnectionOptions
{
    /// <summary>Where calls go; relative addresses are resolved against it.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>Clock, budget and seed.</summary>
    public required ConnectorContext Context { get; init; }

    /// <summary>All secrets of the connection: never shown in an error.</summary>
    public required IEnumerable<string> Secrets { get; init; }

    /// <summary>Further origins that calls may go to, such as the token endpoint's; the base address is always one.</summary>
    public IReadOnlyList<Uri> Origins { get; init; } = [];

    /// <summary>The limit of one call. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest answer taken, decompressed. Default 64 MB.</summary>
    public long MostAnswerBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Connections kept to the vendor. Default 32.</summary>
    public int MostConnections { get; init; } = 32;

    /// <summary>Loopback, private and link-local addresses may be called, and plain http. Default no.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>Reads the vendor's error bodies; null = general rules.</summary>
    public VendorErrorReader? Errors { get; init; }

    /// <summary>Sees each answer's head, to tell the gate about limits; null = nothing to tell.</summary>
    public Action<HttpResponseMessage, ICallGate>? Observe { get; init; }

    /// <summary>Adds headers that every call carries (an application key); null = none.</summary>
    public Action<HttpRequestHeaders>? Headers { get; init; }

    /// <summary>How the token is put on a request; null = <c>Authorization: Bearer</c>.</summary>
    public Action<HttpRequestMessage, AccessToken>? Authorize { get; init; }

    /// <summary>Makes the transport, for simulators inside the process; null = sockets.</summary>
    public Func<HttpMessageHandler>? Transport { get; init; }
}

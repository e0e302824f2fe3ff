using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace WorkflowEngine.Cluster;

/// <summary>How a node joins the others.</summary>
public sealed record ClusterOptions
{
    /// <summary>The connection string of the PostgreSQL database that the nodes share. Never logged.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The address the other nodes reach this one at.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port the other nodes reach this one at.</summary>
    public int Port { get; init; } = 11111;

    /// <summary>Where this node listens, where that is not where the others reach it (behind a port that is forwarded); null = there.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>What nodes prove themselves with to each other; the same on all of them. Null = they trust whoever connects, which is allowed on loopback only.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Keeps the connection string out of logs.</summary>
    public override string ToString() => $"ClusterOptions {{ Address = {Address}, Port = {Port} }}";
}

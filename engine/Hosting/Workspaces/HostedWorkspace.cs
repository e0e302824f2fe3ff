using System.Collections.Concurrent;

namespace WorkflowEngine.Hosting;

/// <summary>One workspace of a host: its names and connections. Nothing of another can be reached through it.</summary>
public sealed class HostedWorkspace(string name, DeploymentNames names, ConnectionBook connections)
{
    public string Name { get; } = name;

    public DeploymentNames Names { get; } = names;

    public ConnectionBook Connections { get; } = connections;

    /// <summary>Names of the deployments that the API keeps; all others come from files.</summary>
    public ConcurrentDictionary<string, bool> Kept { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of the connections that the API keeps; all others come from files.</summary>
    public ConcurrentDictionary<string, bool> KeptConnections { get; } = new(StringComparer.Ordinal);

    /// <summary>One change of deployments and connections at a time.</summary>
    public SemaphoreSlim Changing { get; } = new(1, 1);
}

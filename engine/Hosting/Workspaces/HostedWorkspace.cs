using System.Collections.Concurrent;

namespace WorkflowEngine.Hosting;

/// <summary>One workspace of a host: its names and connections. Nothing of another can be reached through it.</summary>
/// <param name="name">Its name.</param>
/// <param name="names">Names of its deployments.</param>
/// <param name="connections">Its connections.</param>
/// <param name="alone">Keeps other processes that share the database from changing it; null = there are none.</param>
public sealed class HostedWorkspace(string name, DeploymentNames names, ConnectionBook connections, Func<string, CancellationToken, Task<IAsyncDisposable>>? alone = null)
{
    private readonly SemaphoreSlim _changing = new(1, 1);

    public string Name { get; } = name;

    public DeploymentNames Names { get; } = names;

    public ConnectionBook Connections { get; } = connections;

    /// <summary>Names of the deployments that the API keeps; all others come from files.</summary>
    public ConcurrentDictionary<string, bool> Kept { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of the connections that the API keeps; all others come from files.</summary>
    public ConcurrentDictionary<string, bool> KeptConnections { get; } = new(StringComparer.Ordinal);

    /// <summary>One change of deployments and connections at a time: waits for others, and keeps them out until it is disposed.</summary>
    public async Task<IAsyncDisposable> ChangeAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return new WorkspaceChange(_changing, alone is null ? null : await alone(Name, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            _changing.Release();
            throw;
        }
    }
}

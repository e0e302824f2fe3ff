using System.Collections.Concurrent;

namespace WorkflowEngine.Hosting;

/// <summary>Names of the deployments of a workspace, for people; everything that is remembered hangs on the id.</summary>
public sealed class DeploymentNames(string workspace)
{
    private readonly ConcurrentDictionary<string, Guid> _ids = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, string> _names = new();

    public string Workspace { get; } = workspace;

    /// <summary>All names.</summary>
    public IEnumerable<string> All => _ids.Keys.Order(StringComparer.Ordinal);

    public void Set(string name, Guid id) => (_ids[name], _names[id]) = (id, name);

    /// <summary>The id; null when there is no such deployment.</summary>
    public Guid? Find(string name) => _ids.TryGetValue(name, out var id) ? id : null;

    /// <summary>The name; the id as text when the deployment is gone.</summary>
    public string NameOf(Guid id) => _names.TryGetValue(id, out var name) ? name : id.ToString();
}

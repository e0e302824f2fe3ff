using Microsoft.Extensions.Logging;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>What is remembered hangs on realms: a deployment bound to other ones is another deployment under the same name.</summary>
internal static class Rebinding
{
    /// <summary>What is stored under a name: of several, which were bound to other realms one after the other, the last.</summary>
    public static DeploymentRecord? Newest(IReadOnlyList<DeploymentRecord> known, string workspace, string name) =>
        known.Where(d => d.Workspace == workspace && d.Name == name).MaxBy(d => d.CreatedAt);

    /// <summary>The deployment that goes on; null when none does.</summary>
    public static DeploymentRecord? Before(IReadOnlyList<DeploymentRecord> known, string workspace, string name, IReadOnlyDictionary<string, string> realms, ILogger log)
    {
        if (Newest(known, workspace, name) is not { } before) return null;
        if (realms.All(r => before.Realms.TryGetValue(r.Key, out var realm) && realm == r.Value)) return before;
        HostLog.Rebound(log, name, string.Join(", ", before.Realms.Values), string.Join(", ", realms.Values));
        return null;
    }

    /// <summary>Whether what is stored is what would be stored.</summary>
    public static bool IsSame(DeploymentRecord stored, DeploymentRecord now) =>
        stored with { Realms = now.Realms, StateRevision = now.StateRevision } == now && stored.Realms.Count == now.Realms.Count && now.Realms.All(r => stored.Realms.TryGetValue(r.Key, out var realm) && realm == r.Value);

    /// <summary>Of those of one name only this one runs; what waits of the others ends.</summary>
    public static async Task RetireAsync(EngineRuntime runtime, ActiveDeployment now)
    {
        foreach (var other in runtime.Registry.All.Where(d => d.Ref.Workspace == now.Ref.Workspace && d.Name == now.Name && d.Ref != now.Ref))
        {
            await runtime.RetireAsync(other.Ref, "the deployment was bound to another realm").ConfigureAwait(false);
        }
    }
}

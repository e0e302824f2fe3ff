using Microsoft.Extensions.Logging;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>The connections of a deployment, opened and speaking its names.</summary>
internal static class ConnectionBinder
{
    /// <summary>By logical name; or one sentence about the first that cannot be opened.</summary>
    public static async Task<(Dictionary<string, BoundConnection>? Connections, string? Problem)> BindAsync(
        HostedWorkspace workspace, PlannedDeployment planned, ILogger log, CancellationToken cancellationToken)
    {
        var connections = new Dictionary<string, BoundConnection>();
        foreach (var (logical, name) in planned.Connections)
        {
            var opened = await workspace.Connections.OpenAsync(name, cancellationToken).ConfigureAwait(false);
            if (!opened.Succeeded)
            {
                HostLog.NotOpened(log, planned.Name, name, opened.Error.Code);
                return (null, $"{planned.Name}: the connection '{name}' cannot be opened ({opened.Error.Kind}, {opened.Error.Code}): {opened.Error.Message}");
            }

            connections[logical] = planned.Bind(logical, opened.Value);
        }

        return (connections, null);
    }
}

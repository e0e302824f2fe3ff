using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>
/// Tells what opened and what recovered through every connection that has a channel, and is silent while nothing changes. What each channel was told is kept in the store, so a restart neither
/// forgets nor repeats; what could not be delivered is told again, at most ten minutes later.
/// </summary>
internal sealed class AlertDesk(FlowHost host, ICursorStore cursors, IIncidentStore incidents, ILogger<AlertDesk> log)
    : Rounds(Look, host.Time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(string Workspace, string Channel), (int Failures, DateTimeOffset Next)> _failing = [];

    protected override async Task RoundAsync(CancellationToken stop)
    {
        foreach (var workspace in host.Workspaces)
        {
            foreach (var (name, channel) in workspace.Connections.AlertChannels)
            {
                try
                {
                    await TellAsync(workspace, name, channel, stop).ConfigureAwait(false);
                }
                catch (Exception e) when (!stop.IsCancellationRequested)
                {
                    // The store failed, or a channel broke its promise, also by cancelling for a reason of its own: the next round tries again, for all channels.
                    AlertLog.Broken(log, name, e);
                }
            }
        }
    }

    private async Task TellAsync(HostedWorkspace workspace, string name, IAlertChannel channel, CancellationToken stop)
    {
        var now = host.Time.GetUtcNow();
        var key = (workspace.Name, name);
        if (_failing.TryGetValue(key, out var failing) && failing.Next > now) return;
        var cursor = new CursorKey(workspace.Name, "alerts", name, "");
        if (!host.Runtime.Owns(cursor)) return;
        var told = ToldIncidents.Read((await cursors.ReadAsync(cursor, stop).ConfigureAwait(false))?.Token);
        var (opened, recovered, next) = told.Compare(await incidents.ListAsync(workspace.Name, openOnly: false, stop).ConfigureAwait(false));
        if (opened.Count + recovered.Count == 0) return;
        var names = host.Runtime.Registry.All.Where(d => d.Ref.Workspace == workspace.Name).ToDictionary(d => d.Ref.Id, d => d.Name);
        var alert = new Alert(workspace.Name, now, [.. opened.Select(Line)], [.. recovered.Select(Line)]);

        // Not cut off by a stop: what was told must be noted, else it is told again.
        if (await channel.SendAsync(alert, CancellationToken.None).ConfigureAwait(false) is { } error)
        {
            var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, Look.Ticks << Math.Min(failing.Failures, 10)));
            _failing[key] = (failing.Failures + 1, now + pause);
            AlertLog.NotDelivered(log, name, error.Code, error.Message);
            return;
        }

        _failing.Remove(key);
        await host.Runtime.Commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([new SaveCursor(cursor, new SourceCursor(next.Write(), null), now)])).ConfigureAwait(false);

        AlertLine Line(Incident incident) =>
            new(incident.Deployment is { } deployment ? names.GetValueOrDefault(deployment) : null, incident.Message, incident.Count, incident.FirstSeen);
    }
}

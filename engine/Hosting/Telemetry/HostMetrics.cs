using System.Diagnostics.Metrics;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>Figures of a host for whoever listens to the meter. What needs the database is read every ten seconds, not while somebody asks.</summary>
public sealed class HostMetrics : IDisposable
{
    /// <summary>What a listener asks for.</summary>
    public const string Name = "WorkflowEngine";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly FlowHost _host;
    private readonly Meter _meter = new(Name);
    private readonly ITimer _timer;
    private volatile IReadOnlyList<BacklogCount> _backlog = [];
    private volatile IReadOnlyList<Incident> _incidents = [];
    private int _reading;

    public HostMetrics(FlowHost host)
    {
        _host = host;
        var counters = host.Runtime.Counters;
        _meter.CreateObservableCounter("flow.events.accepted", () => counters.Accepted, description: "Events that are on disk.");
        _meter.CreateObservableCounter("flow.runs", () => Enum.GetValues<RunOutcome>().Select(o => new Measurement<long>(counters.Of(o), new KeyValuePair<string, object?>("outcome", Word(o)))), description: "Runs that ended.");
        _meter.CreateObservableCounter("flow.runs.parked", () => counters.Parked, description: "Times a run was parked.");
        _meter.CreateObservableCounter("flow.calls", () => host.Budgets.Calls, description: "Remote calls.");
        _meter.CreateObservableCounter("flow.store.commits", () => host.Writes.Commits, description: "Transactions of the store.");
        _meter.CreateObservableGauge("flow.runs.in_memory", () => host.Runtime.RunsInMemory, description: "Runs in memory.");
        _meter.CreateObservableGauge("flow.lanes", () => host.Runtime.LanesOwned, description: "Lanes this server runs, of 64; several servers share them.");
        _meter.CreateObservableGauge("flow.latency.mean", () => counters.MeanLatency.TotalSeconds, "s", "Mean time from acceptance to the end of a run, since the start.");
        _meter.CreateObservableGauge("flow.pauses", () => host.Runtime.Pauses.Count, description: "Deployments and connections that stand still.");
        _meter.CreateObservableGauge("flow.incidents.open", () => _incidents.GroupBy(i => i.Workspace).Select(g => new Measurement<long>(g.Count(), new KeyValuePair<string, object?>("workspace", g.Key))), description: "Incidents that are open.");
        _meter.CreateObservableGauge("flow.events.waiting", Waiting, description: "Events accepted and not settled.");
        _timer = host.Time.CreateTimer(_ => _ = ReadAsync(), null, TimeSpan.Zero, Every);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _meter.Dispose();
    }

    private static string Word(RunOutcome outcome) => outcome.ToString().ToLowerInvariant();

    private IEnumerable<Measurement<long>> Waiting()
    {
        foreach (var row in _backlog)
        {
            var workspace = new KeyValuePair<string, object?>("workspace", row.Deployment.Workspace);
            var deployment = new KeyValuePair<string, object?>("deployment", _host.Workspace(row.Deployment.Workspace).Names.NameOf(row.Deployment.Id));
            yield return new Measurement<long>(row.Ready, workspace, deployment, new KeyValuePair<string, object?>("state", "ready"));
            yield return new Measurement<long>(row.Behind, workspace, deployment, new KeyValuePair<string, object?>("state", "behind"));
            yield return new Measurement<long>(row.Delayed, workspace, deployment, new KeyValuePair<string, object?>("state", "delayed"));
        }
    }

    private async Task ReadAsync()
    {
        if (Interlocked.Exchange(ref _reading, 1) == 1) return;
        try
        {
            _backlog = await _host.View.Inbox.CountAsync(CancellationToken.None).ConfigureAwait(false);
            var incidents = new List<Incident>();
            foreach (var workspace in _host.Runtime.Registry.All.Select(d => d.Ref.Workspace).Distinct().ToList())
            {
                incidents.AddRange(await _host.View.Incidents.ListAsync(workspace, openOnly: true, CancellationToken.None).ConfigureAwait(false));
            }

            _incidents = incidents;
        }
        catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException or ObjectDisposedException)
        {
            // The database is away: health tells it, the last figures stay.
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}

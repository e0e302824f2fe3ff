using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>Incidents and health.</summary>
internal static class StatusEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/incidents", Role.Viewer, "listIncidents", "Equal failures as one thing; open ones unless all=true.", IncidentsAsync) { Answer = typeof(Whole<IncidentView>) },
        new("GET", "/api/doctor", Role.Operator, "lookAtEverything", "Connections with permissions and fields, database, disk, keys, deployments: one sentence each, with what to do.", DoctorAsync) { Answer = typeof(DoctorView) },
        new("GET", "/health/live", null, "live", "The process answers.", () => Results.Json(new HealthView("live", []))) { Answer = typeof(HealthView) },
        new("GET", "/health/ready", null, "ready", "Everything works; 503 with what is wrong otherwise.", ReadyAsync) { Answer = typeof(HealthView) },
    ];

    public static DeploymentView View(ActiveDeployment deployment, BacklogCount? waiting, IReadOnlyDictionary<RunOutcome, long> outcomes, IReadOnlyDictionary<RunOutcome, long> lastDay) => new()
    {
        Name = deployment.Name,
        Flow = deployment.Flow.Id,
        Version = deployment.Flow.Version,
        Hash = deployment.Flow.Hash,
        State = Words.Of(deployment.State),
        PausedBecause = deployment.PausedBecause,
        Connections = deployment.Connections.ToDictionary(c => c.Key, c => new BoundView(c.Value.Name, c.Value.Realm)),
        Waiting = new WaitingView(waiting?.Ready ?? 0, waiting?.Behind ?? 0, waiting?.Delayed ?? 0),
        Runs = outcomes.ToDictionary(o => Words.Of(o.Key), o => o.Value),
        LastDay = lastDay.ToDictionary(o => Words.Of(o.Key), o => o.Value),
    };

    private static async Task<IResult> IncidentsAsync(Call call, bool? all, CancellationToken cancellationToken)
    {
        var rows = await call.Host.View.Incidents.ListAsync(call.Caller.Workspace, all != true, cancellationToken).ConfigureAwait(false);
        return Results.Json(new Whole<IncidentView>(
            [.. rows.Select(i => new IncidentView(i.Deployment is { } id ? call.Workspace.Names.NameOf(id) : null, i.Fingerprint, i.Message, i.Count, i.FirstSeen, i.LastSeen, i.RecoveredAt))]));
    }

    private static async Task<IResult> DoctorAsync(Call call, Doctor doctor, CancellationToken cancellationToken) =>
        Results.Json(new DoctorView(call.Now, await doctor.LookAsync(call.Workspace, cancellationToken).ConfigureAwait(false)));

    private static async Task<IResult> ReadyAsync(FlowHost host, WorkspaceRunner workspace, StoreHealth store, AccessOptions access, CancellationToken cancellationToken)
    {
        var wrong = (await store.WrongAsync(cancellationToken).ConfigureAwait(false)).Concat(workspace.Findings.Select(f => f.ToString())).Concat(workspace.Problems).Concat(host.Runtime.Pauses).ToList();
        // Anybody may ask this, so where callers prove who they are the sentences, which name deployments and hold words of vendors, stay with the doctor.
        if (access.IsConfigured && wrong.Count > 0) wrong = [$"{wrong.Count} things are wrong; GET /api/doctor tells them."];
        return Results.Json(
            new HealthView(wrong.Count == 0 ? "ready" : "degraded", wrong), statusCode: wrong.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

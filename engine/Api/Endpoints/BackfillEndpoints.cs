using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>Backfills of deployments, and the budgets they live on.</summary>
internal static class BackfillEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/deployments/{name}/backfills", Role.Viewer, "listBackfills", "Backfills of a deployment, newest first, with how they get on.", ListAsync) { Answer = typeof(Whole<BackfillView>) },
        new("POST", "/api/deployments/{name}/backfills", Role.Operator, "beginBackfill", "Hands in records of the deployment's source beside live events, at low priority.", BeginAsync) { Answer = typeof(BackfillView), Status = StatusCodes.Status201Created },
        new("GET", "/api/deployments/{name}/backfills/{id}", Role.Viewer, "getBackfill", "A backfill with how it gets on.", FindAsync) { Answer = typeof(BackfillView) },
        new("DELETE", "/api/deployments/{name}/backfills/{id}", Role.Operator, "cancelBackfill", "Ends it: nothing more is read, what has not begun to run does nothing. What it did stays.", CancelAsync) { Answer = typeof(BackfillView) },
        new("GET", "/api/budgets", Role.Viewer, "listBudgets", "How the budget of each realm stands: limits, reserve, calls of 24 hours by who asked.", Budgets) { Answer = typeof(Whole<BudgetEntry>) },
    ];

    private static async Task<IResult> ListAsync(Call call, Deployer deployer, string name, CancellationToken cancellationToken)
    {
        var flows = deployer.FlowsOf(call.Workspace, name);
        if (flows.Count == 0) return NotThere(name);
        var views = new List<BackfillView>();
        foreach (var flow in flows)
        {
            views.AddRange((await call.Host.Runtime.Backfills.ListAsync(call.Caller.Workspace, flow.Ref.Id, cancellationToken).ConfigureAwait(false)).Select(b => BackfillView.Of(b, call.Workspace.Names)));
        }

        return Results.Json(new Whole<BackfillView>([.. views.OrderByDescending(v => v.Id, StringComparer.Ordinal)]));
    }

    private static async Task<IResult> BeginAsync(Call call, Deployer deployer, string name, BackfillBody body, CancellationToken cancellationToken)
    {
        var flows = deployer.FlowsOf(call.Workspace, name);
        if (flows.Count == 0) return NotThere(name);
        var fitting = flows.Where(f => body.Flow is null || f.Flow.Id == body.Flow).ToList();
        if (fitting.Count != 1) return Problem.Unprocessable($"'flow' names one of the deployment's flows: {string.Join(", ", flows.Select(f => f.Flow.Id))}.");
        BackfillBy? by = null;
        if (body.By is { } word)
        {
            if (!Words.TryRead<BackfillBy>(word, out var parsed)) return Problem.BadRequest($"'by' is one of {Words.All<BackfillBy>()}.");
            by = parsed;
        }

        if (body.From > call.Now) return Problem.Unprocessable("'from' lies in the future.");
        if (body.Records?.Any(id => id is null) == true) return Problem.BadRequest("'records' is a list of ids.");
        var order = new BackfillOrder { Trigger = body.Trigger, By = by, From = body.From?.ToUniversalTime(), Records = body.Records ?? [] };
        var answer = await call.Host.Runtime.Backfills.BeginAsync(fitting[0], order, call.Caller.Name, cancellationToken).ConfigureAwait(false);
        if (answer.Problem is { } problem) return answer.Backfill is null ? Problem.Unprocessable(problem) : Problem.Conflict(problem);
        await call.AuditAsync("backfill.begin", name, null, new { answer.Backfill!.Id, by = Words.Of(answer.Backfill.By), body.From, records = order.Records.Count }).ConfigureAwait(false);
        return Results.Json(BackfillView.Of(new BackfillProgress(answer.Backfill, 0, null), call.Workspace.Names), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> FindAsync(Call call, Deployer deployer, string name, string id, CancellationToken cancellationToken) =>
        await OfAsync(call, deployer, name, id, cancellationToken).ConfigureAwait(false) is { } found ? Results.Json(BackfillView.Of(found, call.Workspace.Names)) : Problem.NotFound($"'{name}' has no backfill '{id}'.");

    private static async Task<IResult> CancelAsync(Call call, Deployer deployer, string name, string id, CancellationToken cancellationToken)
    {
        if (await OfAsync(call, deployer, name, id, cancellationToken).ConfigureAwait(false) is null) return Problem.NotFound($"'{name}' has no backfill '{id}'.");
        var answer = await call.Host.Runtime.Backfills.CancelAsync(call.Caller.Workspace, id, call.Caller.Name, cancellationToken).ConfigureAwait(false);
        if (answer.Problem is { } problem) return Problem.Conflict(problem);
        await call.AuditAsync("backfill.cancel", name, null, new { id }).ConfigureAwait(false);
        return await FindAsync(call, deployer, name, id, CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task<BackfillProgress?> OfAsync(Call call, Deployer deployer, string name, string id, CancellationToken cancellationToken) =>
        await call.Host.Runtime.Backfills.FindAsync(call.Caller.Workspace, id, cancellationToken).ConfigureAwait(false) is { } found
            && deployer.FlowsOf(call.Workspace, name).Any(f => f.Ref == found.Backfill.Deployment) ? found : null;

    /// <summary>Only realms that a deployment of the caller's workspace uses.</summary>
    private static IResult Budgets(Call call)
    {
        var connections = call.Host.Runtime.Registry.All.Where(d => d.Ref.Workspace == call.Caller.Workspace).SelectMany(d => d.Connections.Values).ToLookup(c => c.Realm, c => c.Name);
        return Results.Json(new Whole<BudgetEntry>(
        [
            .. call.Host.Budgets.Of(connections.Select(c => c.Key)).Select(b => new BudgetEntry(
                b.Realm, [.. connections[b.Realm].Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], b.PerSecond, b.PerDay, b.Reserve, b.Live, b.Retry, b.Backfill, b.Foreign,
                (long?)b.BackfillPerHour, b.PausedUntil)),
        ]));
    }

    private static IResult NotThere(string name) => Problem.NotFound($"There is no deployment '{name}'.");
}

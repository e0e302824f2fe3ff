using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>Deployments: asked for, judged without a change, activated, paused, gone back.</summary>
internal static class DeploymentEndpoints
{
    private const int LongestReason = 200;
    private static readonly IReadOnlyDictionary<RunOutcome, long> NoRuns = new Dictionary<RunOutcome, long>();

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/deployments", Role.Viewer, "listDeployments", "Deployments with their state, backlog and outcomes.", ListAsync) { Answer = typeof(DeploymentsView) },
        new("GET", "/api/deployments/{name}", Role.Viewer, "getDeployment", "A deployment with what it was told to be.", FindAsync) { Answer = typeof(DeploymentDetail) },
        new("PUT", "/api/deployments/{name}", Role.Author, "putDeployment", "Makes a deployment what the body says; the same request twice changes nothing. dryRun=true only judges it.", PutAsync) { Answer = typeof(DeploymentAnswer) },
        new("POST", "/api/deployments/{name}/prepare", Role.Admin, "prepareDeployment", "Makes the fields that the body's deployment requires of its orgs and they lack, and grants them to the connections' users.", PrepareAsync) { Answer = typeof(OrgPreparationView) },
        new("DELETE", "/api/deployments/{name}", Role.Author, "deleteDeployment", "Takes it away; its runs and dead letters stay readable.", DeleteAsync) { Status = StatusCodes.Status204NoContent },
        new("GET", "/api/deployments/{name}/versions", Role.Viewer, "listDeploymentVersions", "What it was told to be, newest first.", VersionsAsync) { Answer = typeof(Whole<DeploymentVersionView>) },
        new("POST", "/api/deployments/{name}/pause", Role.Operator, "pauseDeployment", "Stops it: events are accepted and wait.", PauseAsync) { Answer = typeof(DeploymentDetail) },
        new("POST", "/api/deployments/{name}/resume", Role.Operator, "resumeDeployment", "Lets it go on, also after a pause of the engine.", ResumeAsync) { Answer = typeof(DeploymentDetail) },
        new("POST", "/api/deployments/{name}/rollback", Role.Author, "rollBackDeployment", "Goes back to an earlier version: a new version with its content. Data is not undone.", RollBackAsync) { Answer = typeof(DeploymentAnswer) },
    ];

    public static async Task<IResult> PutAsync(
        Call call, Deployer deployer, OrgPreparer preparer, HttpContext context, string name, JsonElement body, bool? dryRun, bool? confirmRealm, string? note, CancellationToken cancellationToken)
    {
        if (!Paging.IsName(name)) return Problem.BadRequest(Paging.BadName(name));
        var (specification, problem) = DeploymentRequest.Normalise(body);
        if (specification is null) return Problem.BadRequest(problem!);
        if (IsOfFile(call, deployer, name)) return OfFile(name);
        var judgement = await deployer.JudgeAsync(call.Workspace, name, specification, null, cancellationToken).ConfigureAwait(false);
        if (IfMatch(context, judgement) is { } mismatch) return mismatch;
        return await ApplyAsync(call, deployer, preparer, context, judgement, dryRun == true, confirmRealm == true, note, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IResult> PrepareAsync(Call call, Deployer deployer, OrgPreparer preparer, OrgCatalog orgs, string name, JsonElement body, CancellationToken cancellationToken)
    {
        if (!Paging.IsName(name)) return Problem.BadRequest(Paging.BadName(name));
        var (specification, problem) = DeploymentRequest.Normalise(body);
        if (specification is null) return Problem.BadRequest(problem!);
        var judgement = await deployer.JudgeAsync(call.Workspace, name, specification, null, cancellationToken).ConfigureAwait(false);
        if (judgement.Findings.Any(f => f.IsError)) return Problem.Mistakes($"The deployment '{name}' has mistakes; nothing was made.", judgement.Findings);
        if (judgement.Planned.Count == 0) return Problem.Unprocessable($"The deployment '{name}' cannot be prepared. {string.Join(" ", judgement.Problems)}");
        var prepared = await preparer.PrepareAsync(call.Workspace, judgement, cancellationToken).ConfigureAwait(false);
        foreach (var connection in judgement.Planned.SelectMany(p => p.Connections.Values).Distinct(StringComparer.Ordinal)) orgs.Forget(call.Caller.Workspace, connection);
        await call.AuditAsync("deployment.prepare", name, null, new { prepared.Made, prepared.Problems }).ConfigureAwait(false);
        return Results.Json(new OrgPreparationView(prepared.Made, prepared.Problems, [.. prepared.Gaps.Select(OrgGapView.Of)]));
    }

    private static async Task<IResult> ListAsync(Call call, CancellationToken cancellationToken) => Results.Json(
        new DeploymentsView(
            await ViewsAsync(call, [.. call.Host.Runtime.Registry.All.Where(d => d.Ref.Workspace == call.Caller.Workspace).OrderBy(d => d.Name, StringComparer.Ordinal)], cancellationToken).ConfigureAwait(false),
            call.Host.Runtime.PausesOf(call.Caller.Workspace)));

    private static async Task<IResult> FindAsync(Call call, Deployer deployer, HttpContext context, string name, CancellationToken cancellationToken)
    {
        var flows = deployer.FlowsOf(call.Workspace, name);
        var versions = await call.Host.Settings.DeploymentVersions.ListAsync(call.Caller.Workspace, name, cancellationToken).ConfigureAwait(false);
        if (flows.Count == 0 && versions.Count == 0) return NotThere(name);
        var current = versions.Count > 0 ? versions[0] : null;
        if (current is not null) context.Response.Headers.ETag = Revisions.Tag(current.Number);
        return Results.Json(new DeploymentDetail(
            name, current is null ? "file" : "api", current?.Number, current?.Template, current?.TemplateHash,
            current is null ? null : JsonSerializer.Deserialize<JsonElement>(current.Specification), await ViewsAsync(call, flows, cancellationToken).ConfigureAwait(false)));
    }

    private static async Task<IResult> VersionsAsync(Call call, string name, CancellationToken cancellationToken)
    {
        var versions = await call.Host.Settings.DeploymentVersions.ListAsync(call.Caller.Workspace, name, cancellationToken).ConfigureAwait(false);
        return versions.Count == 0 ? Problem.NotFound($"There is no deployment '{name}' that the API keeps.") : Results.Json(new Whole<DeploymentVersionView>([.. versions.Select(DeploymentVersionView.Of)]));
    }

    private static async Task<IResult> DeleteAsync(Call call, Deployer deployer, string name, CancellationToken cancellationToken)
    {
        var versions = await call.Host.Settings.DeploymentVersions.ListAsync(call.Caller.Workspace, name, cancellationToken).ConfigureAwait(false);
        if (versions.Count == 0) return IsOfFile(call, deployer, name) ? OfFile(name) : NotThere(name);
        await deployer.DeleteAsync(call.Workspace, name, cancellationToken).ConfigureAwait(false);
        await call.AuditAsync("deployment.delete", name, DeploymentVersionView.Of(versions[0]), null).ConfigureAwait(false);
        return Results.NoContent();
    }

    private static async Task<IResult> PauseAsync(Call call, Deployer deployer, HttpContext context, string name, PauseBody? body, CancellationToken cancellationToken)
    {
        var reason = body?.Reason;
        if (reason is not null && (reason.Length > LongestReason || reason.Any(char.IsControl))) return Problem.Unprocessable($"A reason is at most {LongestReason} characters without control characters.");
        if (!await deployer.SetStateAsync(call.Workspace, name, $"Paused by {call.Caller.Name}{(string.IsNullOrWhiteSpace(reason) ? "" : ": " + reason)}.", cancellationToken).ConfigureAwait(false)) return NotThere(name);
        await call.AuditAsync("deployment.pause", name, new { state = "active" }, new { state = "paused", reason }).ConfigureAwait(false);
        return await FindAsync(call, deployer, context, name, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IResult> ResumeAsync(Call call, Deployer deployer, HttpContext context, string name, CancellationToken cancellationToken)
    {
        if (!await deployer.SetStateAsync(call.Workspace, name, null, cancellationToken).ConfigureAwait(false)) return NotThere(name);
        await call.AuditAsync("deployment.resume", name, new { state = "paused" }, new { state = "active" }).ConfigureAwait(false);
        return await FindAsync(call, deployer, context, name, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IResult> RollBackAsync(Call call, Deployer deployer, OrgPreparer preparer, HttpContext context, string name, RollbackBody? body, bool? dryRun, bool? confirmRealm, CancellationToken cancellationToken)
    {
        var versions = await call.Host.Settings.DeploymentVersions.ListAsync(call.Caller.Workspace, name, cancellationToken).ConfigureAwait(false);
        if (versions.Count == 0) return IsOfFile(call, deployer, name) ? OfFile(name) : NotThere(name);
        var to = body?.To ?? versions[0].Number - 1;
        if (versions.FirstOrDefault(v => v.Number == to) is not { } earlier || to == versions[0].Number)
        {
            return Problem.Unprocessable($"'{name}' cannot go back to version {to}; it has {string.Join(", ", versions.Skip(1).Select(v => v.Number))} before the one in force.");
        }

        var judgement = await deployer.JudgeAsync(call.Workspace, name, earlier.Specification, earlier.TemplateHash, cancellationToken).ConfigureAwait(false);
        return await ApplyAsync(call, deployer, preparer, context, judgement, dryRun == true, confirmRealm == true, $"back to version {to}", cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IResult> ApplyAsync(
        Call call, Deployer deployer, OrgPreparer preparer, HttpContext context, Judgement judgement, bool dryRun, bool confirmRealm, string? note, CancellationToken cancellationToken)
    {
        var result = judgement.Current is null ? "created" : judgement.Same ? "unchanged" : "changed";
        var answer = new DeploymentAnswer
        {
            Name = judgement.Name, Result = result, DryRun = dryRun, Number = judgement.Current?.Number, Template = judgement.Template?.Id, TemplateHash = judgement.Template?.Hash,
            Diagnostics = [.. judgement.Findings.Select(DiagnosticView.Of)], Shared = [.. judgement.Shared.Select(s => new SharedFieldsView(s.Deployments, s.Cycle, s.Fields))], Problems = judgement.Problems, OtherRealms = judgement.OtherRealms,
            Changes = DeploymentAnswer.ChangesOf(judgement), Flows = [],
        };
        if (dryRun)
        {
            return Results.Json(answer with
            {
                Gaps = [.. (await preparer.LookAsync(call.Workspace, judgement, cancellationToken).ConfigureAwait(false)).Select(OrgGapView.Of)],
                Flows = await ViewsAsync(call, deployer.FlowsOf(call.Workspace, judgement.Name), cancellationToken).ConfigureAwait(false),
            });
        }

        if (judgement.Findings.Any(f => f.IsError)) return Problem.Mistakes($"The deployment '{judgement.Name}' has mistakes; nothing was changed.", judgement.Findings);
        if (judgement.Problems.Count > 0) return Problem.Unprocessable($"The deployment '{judgement.Name}' cannot run; nothing was changed. {string.Join(" ", judgement.Problems)}");
        if (judgement.OtherRealms.Count > 0 && !confirmRealm)
        {
            return Problem.Of(
                StatusCodes.Status409Conflict, "confirm-realm",
                $"{string.Join(" ", judgement.OtherRealms)} What was remembered (links, cursors) belongs to the old one, so it begins with an empty memory. If that is meant, send the same request with confirmRealm=true.");
        }

        var (version, problems) = await deployer.ApplyAsync(call.Workspace, judgement, note, call.Caller.Name, cancellationToken).ConfigureAwait(false);
        if (version is null) return Problem.Conflict($"The deployment '{judgement.Name}' was changed by somebody else at the same moment; send the request again.");
        if (!judgement.Same)
        {
            await call.AuditAsync(
                "deployment.put", judgement.Name, judgement.Current is { } before ? DeploymentVersionView.Of(before) : null, DeploymentVersionView.Of(version)).ConfigureAwait(false);
        }

        context.Response.Headers.ETag = Revisions.Tag(version.Number);
        return Results.Json(
            answer with { Number = version.Number, Problems = problems, Flows = await ViewsAsync(call, deployer.FlowsOf(call.Workspace, judgement.Name), cancellationToken).ConfigureAwait(false) },
            statusCode: judgement.Current is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static IResult? IfMatch(HttpContext context, Judgement judgement)
    {
        if (context.Request.Headers.IfMatch.Count == 0 && context.Request.Headers.IfNoneMatch.Count == 0) return null;
        if (!Revisions.TryRead(context.Request, out var expected)) return Problem.SayRevision();
        if (expected == judgement.Current?.Number) return null;
        return judgement.Current is { } current
            ? Problem.Changed($"'{judgement.Name}' is at version {current.Number} by {current.CreatedBy}.", current.CreatedBy, current.CreatedAt)
            : Problem.NotFound($"There is no deployment '{judgement.Name}' that the API keeps.");
    }

    private static async Task<IReadOnlyList<DeploymentView>> ViewsAsync(Call call, IReadOnlyList<ActiveDeployment> flows, CancellationToken cancellationToken)
    {
        var backlog = (await call.Host.View.Inbox.CountAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(b => b.Deployment);
        var outcomes = await call.Host.View.Runs.CountAllAsync(call.Caller.Workspace, null, cancellationToken).ConfigureAwait(false);
        var lastDay = await call.Host.View.Runs.CountAllAsync(call.Caller.Workspace, call.Now.AddDays(-1), cancellationToken).ConfigureAwait(false);
        return [.. flows.Select(f => StatusEndpoints.View(f, backlog.GetValueOrDefault(f.Ref), outcomes.GetValueOrDefault(f.Ref.Id) ?? NoRuns, lastDay.GetValueOrDefault(f.Ref.Id) ?? NoRuns))];
    }

    private static bool IsOfFile(Call call, Deployer deployer, string name) => !call.Workspace.Kept.ContainsKey(name) && deployer.FlowsOf(call.Workspace, name).Count > 0;

    private static IResult OfFile(string name) => Problem.Conflict($"'{name}' is described by a file of the workspace folder; change the file, or take it away first.");

    private static IResult NotThere(string name) => Problem.NotFound(string.Create(CultureInfo.InvariantCulture, $"There is no deployment '{name}'."));
}

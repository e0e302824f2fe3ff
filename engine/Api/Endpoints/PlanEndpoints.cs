using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>What a flow would do, without doing it.</summary>
internal static class PlanEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("POST", "/api/flows/plan", Role.Operator, "planFlow", "What events would do, by the flow that runs and by edited files; nothing can write.", PlanAsync) { Answer = typeof(PlanAnswer) },
    ];

    private static async Task<IResult> PlanAsync(Call call, Planner planner, Deployer deployer, PlanBody body, CancellationToken cancellationToken)
    {
        if (body.Deployment is null) return Problem.BadRequest("Name the deployment whose connections and parameters hold.");
        if (body.Files is not null && body.Specification is not null) return Problem.BadRequest("Give files or a specification, not both.");
        var flows = deployer.FlowsOf(call.Workspace, body.Deployment);
        if (flows.Count > 1) return Problem.BadRequest($"'{body.Deployment}' has several flows; name one: {string.Join(", ", flows.Select(f => f.Name))}.");
        var active = flows.Count == 0 ? null : flows[0];
        if (active is null && body.Specification is null) return Problem.NotFound($"There is no deployment '{body.Deployment}'.");
        var (changed, refused) = body.Specification is { } asked ? await AskedAsync(call, deployer, body.Deployment, asked, cancellationToken).ConfigureAwait(false)
            : body.Files is not null ? Edited(call, active!, body.Files) : (null, null);
        if (refused is not null) return refused;
        var (events, more, wrong) = await EventsAsync(call, active, changed ?? active!, body, cancellationToken).ConfigureAwait(false);
        if (wrong is not null) return wrong;
        var memory = changed is null ? null : new PlanMemory();
        if (changed is null) return Answer(await OfAsync(active!).ConfigureAwait(false), null, more);

        // Each plan has a world of its own, so the two do not see each other; what is real is read once for both.
        var current = active is null ? Task.FromResult<IReadOnlyList<PlannedRun>?>(null) : CurrentAsync(active);
        var planned = OfAsync(changed);
        await Task.WhenAll((Task)current, planned).ConfigureAwait(false);
        var runs = await planned.ConfigureAwait(false);
        return Answer(runs, await current.ConfigureAwait(false) is { } was ? PlanComparison.Of(was, runs) : null, more);

        Task<IReadOnlyList<PlannedRun>> OfAsync(ActiveDeployment deployment) =>
            planner.PlanAsync(new PlanRequest { Deployment = deployment, Flow = deployment.Flow, Events = events, Memory = memory }, cancellationToken);

        async Task<IReadOnlyList<PlannedRun>?> CurrentAsync(ActiveDeployment deployment) => await OfAsync(deployment).ConfigureAwait(false);
    }

    /// <summary>The deployment that runs, with edited files of its template.</summary>
    private static (ActiveDeployment? Changed, IResult? Problem) Edited(Call call, ActiveDeployment active, IReadOnlyList<FileView> given)
    {
        if (FlowEndpoints.FilesOf(given, out var files) is { } problem) return (null, Problem.BadRequest(problem));
        if (TemplateFiles.Problem(files) is { } unfit) return (null, Problem.Unprocessable(unfit));
        var bundle = TemplateFiles.Compile("plan", files, FlowEndpoints.Catalog(call));
        if (bundle.Diagnostics.Any(d => d.IsError)) return (null, Problem.Mistakes("The files have mistakes; nothing was planned.", bundle.Diagnostics));
        if (bundle.Flows.FirstOrDefault(f => f.Compiled?.Id == active.Flow.Id)?.Compiled is not { } edited) return (null, Problem.Unprocessable($"There is no flow '{active.Flow.Id}' among the files."));
        if (edited.Connections.Keys.FirstOrDefault(c => !active.Connections.ContainsKey(c)) is { } unbound) return (null, Problem.Unprocessable($"The connection '{unbound}' is new in these files and bound to nothing."));
        return (active with { Flow = edited, Parameters = edited.Parameters.ToDictionary(p => p.Name, p => active.Parameters.TryGetValue(p.Name, out var value) ? value : p.Default) }, null);
    }

    /// <summary>A deployment as a request for it would make it.</summary>
    private static async Task<(ActiveDeployment? Changed, IResult? Problem)> AskedAsync(Call call, Deployer deployer, string name, JsonElement asked, CancellationToken cancellationToken)
    {
        var (group, flow) = name.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? (name[..slash], name) : (name, null);
        if (!Paging.IsName(group)) return (null, Problem.BadRequest(Paging.BadName(group)));
        var (specification, problem) = DeploymentRequest.Normalise(asked);
        if (specification is null) return (null, Problem.BadRequest(problem!));
        var judgement = await deployer.JudgeAsync(call.Workspace, group, specification, null, cancellationToken).ConfigureAwait(false);
        if (judgement.Findings.Any(f => f.IsError)) return (null, Problem.Mistakes($"The deployment '{group}' has mistakes; nothing was planned.", judgement.Findings));
        if (judgement.Problems.Count > 0) return (null, Problem.Unprocessable($"The deployment '{group}' cannot run; nothing was planned. {string.Join(" ", judgement.Problems)}"));
        var planned = flow is null && judgement.Planned.Count == 1 ? judgement.Planned[0] : judgement.Planned.FirstOrDefault(p => p.Name == flow);
        if (planned is null) return (null, Problem.BadRequest($"'{group}' has several flows; name one: {string.Join(", ", judgement.Planned.Select(p => p.Name))}."));
        var (active, closed) = await deployer.AsActiveAsync(call.Workspace, planned, cancellationToken).ConfigureAwait(false);
        return active is null ? (null, Problem.Unprocessable(closed!)) : (active, null);
    }

    private static IResult Answer(IReadOnlyList<PlannedRun> runs, IReadOnlyList<PlanDifference>? differences, bool more) => Results.Json(new PlanAnswer(
        [.. runs.Select(PlannedRunView.Of)],
        differences is null ? null : [.. differences.Select(PlanDifferenceView.Of)],
        new SortedDictionary<string, int>(runs.SelectMany(r => r.Effects).GroupBy(e => $"{e.Verb} {e.Entity}").ToDictionary(g => g.Key, g => g.Count()), StringComparer.Ordinal), more));

    private static async Task<(IReadOnlyList<PlannedEvent> Events, bool More, IResult? Problem)> EventsAsync(
        Call call, ActiveDeployment? active, ActiveDeployment planned, PlanBody body, CancellationToken cancellationToken)
    {
        var events = new List<PlannedEvent>();
        foreach (var record in body.Records ?? [])
        {
            if (record is not { Length: > 0 and <= 200 }) return ([], false, Problem.BadRequest("A record is named by its id."));
            events.Add(new PlannedEvent(record, record, null));
        }

        for (var i = 0; i < (body.Inputs?.Count ?? 0); i++)
        {
            var (input, problem) = PayloadJson.Read(Encoding.UTF8.GetBytes(body.Inputs![i].GetRawText()), planned.Flow.Input);
            if (input is null) return ([], false, Problem.Unprocessable($"Input {i + 1}: {problem}"));
            events.Add(new PlannedEvent(string.Create(CultureInfo.InvariantCulture, $"input {i + 1}"), null, input));
        }

        if (body.Recent is { } recent)
        {
            if (active is null) return ([], false, Problem.BadRequest($"'{body.Deployment}' has no runs yet: give records or inputs instead of 'recent'."));
            if (recent is < 1 or > PlanRequest.MostEvents) return ([], false, Problem.BadRequest($"'recent' is a number from 1 to {PlanRequest.MostEvents}."));
            var seen = new HashSet<string>(StringComparer.Ordinal);
            string? before = null;
            while (seen.Count < recent)
            {
                var rows = await call.Host.View.Runs.ListAsync(
                    new RunFilter { Workspace = call.Caller.Workspace, Deployment = active.Ref.Id, Before = before, Limit = Paging.Most }, cancellationToken).ConfigureAwait(false);
                foreach (var run in rows)
                {
                    if (run.RecordId is { } id && seen.Count < recent && seen.Add(id)) events.Add(new PlannedEvent(id, id, null));
                }

                if (rows.Count < Paging.Most) break;
                before = rows[^1].Id;
            }
        }

        var more = false;
        if (body.All == true)
        {
            if (events.Count > 0) return ([], false, Problem.BadRequest("Give 'all' alone: it takes every record."));
            if (planned.Flow.Triggers.FirstOrDefault(t => t is { Entity: not null, Connection: not null }) is not { } trigger) return ([], false, Problem.BadRequest("The flow has no trigger on a record; give inputs."));
            var all = await PlanRecords.AllAsync(planned, trigger, cancellationToken).ConfigureAwait(false);
            if (!all.Succeeded) return ([], false, Problem.Unprocessable($"The records of {trigger.Entity!.Name} cannot be read: {all.Error.Message}"));
            events.AddRange(all.Value.Ids.Select(id => new PlannedEvent(id, id, null)));
            more = all.Value.More;
            if (events.Count == 0) return ([], false, Problem.BadRequest($"There is nothing to plan: there is no {trigger.Entity!.Name}."));
        }

        if (events.Count == 0) return ([], false, Problem.BadRequest("There is nothing to plan: give records, inputs, recent (the records of the last runs), or all."));
        return events.Count > PlanRequest.MostEvents ? ([], false, Problem.BadRequest($"At most {PlanRequest.MostEvents} events are planned at once.")) : (events, more, null);
    }
}

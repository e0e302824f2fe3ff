using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using WorkflowEngine.Compilation.Plan;
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
        var flows = deployer.FlowsOf(call.Workspace, body.Deployment);
        if (flows.Count == 0) return Problem.NotFound($"There is no deployment '{body.Deployment}'.");
        if (flows.Count > 1) return Problem.BadRequest($"'{body.Deployment}' has several flows; name one: {string.Join(", ", flows.Select(f => f.Name))}.");
        var active = flows[0];
        CompiledFlow? edited = null;
        if (body.Files is not null)
        {
            if (FlowEndpoints.FilesOf(body.Files, out var files) is { } problem) return Problem.BadRequest(problem);
            if (TemplateFiles.Problem(files) is { } unfit) return Problem.Unprocessable(unfit);
            var bundle = TemplateFiles.Compile("plan", files, FlowEndpoints.Catalog(call));
            if (bundle.Diagnostics.Any(d => d.IsError)) return Problem.Mistakes("The files have mistakes; nothing was planned.", bundle.Diagnostics);
            edited = bundle.Flows.FirstOrDefault(f => f.Compiled?.Id == active.Flow.Id)?.Compiled;
            if (edited is null) return Problem.Unprocessable($"There is no flow '{active.Flow.Id}' among the files.");
            if (edited.NotYet.Count > 0) return Problem.Unprocessable($"The flow uses what is checked but not run yet: {string.Join(", ", edited.NotYet.Select(n => n.What))}.");
            if (edited.Connections.Keys.FirstOrDefault(c => !active.Connections.ContainsKey(c)) is { } unbound) return Problem.Unprocessable($"The connection '{unbound}' is new in these files and bound to nothing.");
        }

        var (events, wrong) = await EventsAsync(call, active, edited ?? active.Flow, body, cancellationToken).ConfigureAwait(false);
        if (wrong is not null) return wrong;
        var current = await planner.PlanAsync(new PlanRequest { Deployment = active, Flow = active.Flow, Events = events }, cancellationToken).ConfigureAwait(false);
        if (edited is null) return Answer(current, null);
        var changed = active with { Parameters = edited.Parameters.ToDictionary(p => p.Name, p => active.Parameters.TryGetValue(p.Name, out var given) ? given : p.Default) };
        var runs = await planner.PlanAsync(new PlanRequest { Deployment = changed, Flow = edited, Events = events }, cancellationToken).ConfigureAwait(false);
        return Answer(runs, PlanComparison.Of(current, runs));
    }

    private static IResult Answer(IReadOnlyList<PlannedRun> runs, IReadOnlyList<PlanDifference>? differences) => Results.Json(new PlanAnswer(
        [.. runs.Select(PlannedRunView.Of)],
        differences is null ? null : [.. differences.Select(PlanDifferenceView.Of)],
        new SortedDictionary<string, int>(runs.SelectMany(r => r.Effects).GroupBy(e => $"{e.Verb} {e.Entity}").ToDictionary(g => g.Key, g => g.Count()), StringComparer.Ordinal)));

    private static async Task<(IReadOnlyList<PlannedEvent> Events, IResult? Problem)> EventsAsync(
        Call call, ActiveDeployment active, CompiledFlow flow, PlanBody body, CancellationToken cancellationToken)
    {
        var events = new List<PlannedEvent>();
        foreach (var record in body.Records ?? [])
        {
            if (record is not { Length: > 0 and <= 200 }) return ([], Problem.BadRequest("A record is named by its id."));
            events.Add(new PlannedEvent(record, record, null));
        }

        for (var i = 0; i < (body.Inputs?.Count ?? 0); i++)
        {
            var (input, problem) = PayloadJson.Read(Encoding.UTF8.GetBytes(body.Inputs![i].GetRawText()), flow.Input);
            if (input is null) return ([], Problem.Unprocessable($"Input {i + 1}: {problem}"));
            events.Add(new PlannedEvent(string.Create(CultureInfo.InvariantCulture, $"input {i + 1}"), null, input));
        }

        if (body.Recent is { } recent)
        {
            if (recent is < 1 or > PlanRequest.MostEvents) return ([], Problem.BadRequest($"'recent' is a number from 1 to {PlanRequest.MostEvents}."));
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

        if (events.Count == 0) return ([], Problem.BadRequest("There is nothing to plan: give records, inputs, or recent (the records of the last runs)."));
        return events.Count > PlanRequest.MostEvents ? ([], Problem.BadRequest($"At most {PlanRequest.MostEvents} events are planned at once.")) : (events, null);
    }
}

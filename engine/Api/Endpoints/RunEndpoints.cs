using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary><c>GET /api/runs</c>, <c>GET /api/runs/{id}</c>.</summary>
internal static class RunEndpoints
{
    private const int MostRows = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/runs", ListAsync).WithSummary("Finished runs, newest first; 'next' names the page that follows.");
        routes.MapGet("/api/runs/{id}", FindAsync).WithSummary("One run with its steps and effects.");
    }

    private static async Task<IResult> ListAsync(
        EngineView engine, DeploymentNames names, string? deployment, string? outcome, string? key, DateTimeOffset? since, string? before, int? limit, CancellationToken cancellationToken)
    {
        Guid? id = null;
        if (deployment is not null && (id = names.Find(deployment)) is null) return Problem.NotFound($"There is no deployment '{deployment}'.");
        RunOutcome? wanted = null;
        if (outcome is not null)
        {
            if (!Enum.TryParse<RunOutcome>(outcome, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
            {
                return Problem.BadRequest($"'{outcome}' is no outcome; expected one of {string.Join(", ", Enum.GetNames<RunOutcome>()).ToLowerInvariant()}.");
            }

            wanted = parsed;
        }

        var rows = await engine.Runs.ListAsync(
            new RunFilter
            {
                Workspace = names.Workspace, Deployment = id, Outcome = wanted, Key = key, Since = since, Before = before, Limit = Math.Clamp(limit ?? 50, 1, MostRows),
            },
            cancellationToken).ConfigureAwait(false);
        return Results.Json(new
        {
            data = rows.Select(r => View(r, names)),
            next = rows.Count == Math.Clamp(limit ?? 50, 1, MostRows) ? rows[^1].Id : null,
        });
    }

    private static async Task<IResult> FindAsync(EngineView engine, DeploymentNames names, string id, CancellationToken cancellationToken)
    {
        if (await engine.Runs.FindAsync(names.Workspace, id, cancellationToken).ConfigureAwait(false) is not { } run)
        {
            return Problem.NotFound($"There is no run '{id}'.");
        }

        var effects = await engine.Runs.EffectsOfRunAsync(names.Workspace, id, cancellationToken).ConfigureAwait(false);
        var journal = await engine.Runs.ReadJournalAsync(names.Workspace, id, cancellationToken).ConfigureAwait(false);
        return Results.Json(new
        {
            run = View(run, names),
            effects = effects.Select(e => new { e.Step, e.Verb, realm = e.Realm, e.Entity, record = e.RecordId, e.Fields, e.At }),
            journal = journal is null ? (JsonElement?)null : JsonSerializer.Deserialize<JsonElement>(journal),
        });
    }

    private static object View(RunRow run, DeploymentNames names) => new
    {
        id = run.Id,
        deployment = names.NameOf(run.Deployment.Id),
        flow = run.FlowHash,
        trigger = run.Trigger,
        key = run.Key,
        record = run.RecordId,
        outcome = run.Outcome.ToString().ToLowerInvariant(),
        text = run.Text,
        acceptedAt = run.AcceptedAt,
        startedAt = run.StartedAt,
        endedAt = run.EndedAt,
        attempts = run.Attempts,
        effects = run.Effects,
        replayOf = run.ReplayOf,
    };
}

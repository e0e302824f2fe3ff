using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary><c>GET /api/dead-letters</c>, one of them, replay by filter or singly.</summary>
internal static class DeadLetterEndpoints
{
    private const int MostRows = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/dead-letters", ListAsync).WithSummary("Dead letters, newest first; 'next' names the page that follows.");
        routes.MapGet("/api/dead-letters/{id:long}", FindAsync).WithSummary("One dead letter with its attempts and its record.");
        routes.MapPost("/api/dead-letters/replay", ReplayAsync).WithSummary("Replays dead letters: by ids, or all open ones that fit deployment, key or fingerprint.");
    }

    private static async Task<IResult> ListAsync(
        EngineView engine, DeploymentNames names, string? deployment, string? state, string? key, string? fingerprint, long? before, int? limit, CancellationToken cancellationToken)
    {
        Guid? id = null;
        if (deployment is not null && (id = names.Find(deployment)) is null) return Problem.NotFound($"There is no deployment '{deployment}'.");
        DeadLetterState? wanted = DeadLetterState.Open;
        if (state == "all")
        {
            wanted = null;
        }
        else if (state is not null)
        {
            if (!Enum.TryParse<DeadLetterState>(state, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
            {
                return Problem.BadRequest($"'{state}' is no state; expected open, replayed, discarded, superseded or all.");
            }

            wanted = parsed;
        }

        var rows = await engine.DeadLetters.ListAsync(
            new DeadLetterFilter
            {
                Workspace = names.Workspace, Deployment = id, State = wanted, Key = key, Fingerprint = fingerprint, Before = before, Limit = Math.Clamp(limit ?? 50, 1, MostRows),
            },
            cancellationToken).ConfigureAwait(false);
        return Results.Json(new { data = rows.Select(l => View(l, names)), next = rows.Count == Math.Clamp(limit ?? 50, 1, MostRows) ? rows[^1].Id : (long?)null });
    }

    private static async Task<IResult> FindAsync(EngineView engine, DeploymentNames names, long id, CancellationToken cancellationToken)
    {
        if (await engine.DeadLetters.FindAsync(names.Workspace, id, cancellationToken).ConfigureAwait(false) is not { } letter)
        {
            return Problem.NotFound($"There is no dead letter {id}.");
        }

        return Results.Json(new { deadLetter = View(letter, names), record = PayloadJson.ToJson(letter.Content.Payload.Length == 0 ? null : Payload.Decode(letter.Content.Payload)) });
    }

    private static async Task<IResult> ReplayAsync(IDeadLetterReplay replay, DeploymentNames names, ReplayRequest request, CancellationToken cancellationToken)
    {
        Guid? deployment = null;
        if (request.Deployment is not null && (deployment = names.Find(request.Deployment)) is null)
        {
            return Problem.NotFound($"There is no deployment '{request.Deployment}'.");
        }

        if (request.Ids is null && request.Deployment is null && request.Key is null && request.Fingerprint is null)
        {
            return Problem.BadRequest("Say what to replay: ids, or deployment, key or fingerprint.");
        }

        if (request.From is not (null or "start" or "step")) return Problem.BadRequest($"'from' is start or step, not '{request.From}'.");
        var result = await replay.ReplayAsync(
            new DeadLetterFilter { Workspace = names.Workspace, Deployment = deployment, Key = request.Key, Fingerprint = request.Fingerprint, Limit = MostRows },
            request.Ids,
            fromStep: request.From == "step",
            cancellationToken).ConfigureAwait(false);
        return Results.Json(new { replayed = result.Replayed, refused = result.Refused.Select(r => new { id = r.Id, why = r.Why }) });
    }

    private static object View(DeadLetter letter, DeploymentNames names) => new
    {
        id = letter.Id,
        deployment = names.NameOf(letter.Content.Deployment.Id),
        state = letter.State.ToString().ToLowerInvariant(),
        key = letter.Content.Key,
        entity = letter.Content.Entity,
        record = letter.Content.RecordId,
        step = letter.Content.Step,
        place = letter.Content.Place,
        kind = letter.Content.ErrorKind.ToString(),
        code = letter.Content.Code,
        message = letter.Content.Message,
        fingerprint = letter.Content.Fingerprint,
        attempts = letter.Content.Attempts,
        at = letter.Content.At,
        run = letter.Content.RunId,
        note = letter.Note,
    };
}

/// <summary>What to replay.</summary>
/// <param name="Ids">These dead letters.</param>
/// <param name="Deployment">Or all open ones of this deployment,</param>
/// <param name="Key">of this key,</param>
/// <param name="Fingerprint">of this incident.</param>
/// <param name="From"><c>start</c> (default): the record is read again; <c>step</c>: from the failed step with the outputs so far.</param>
public sealed record ReplayRequest(IReadOnlyList<long>? Ids, string? Deployment, string? Key, string? Fingerprint, string? From);

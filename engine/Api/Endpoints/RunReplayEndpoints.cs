using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>A run once more: a failed one by its dead letter, any other with its record read again.</summary>
internal static class RunReplayEndpoints
{
    private const int LongestKey = 100;

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("POST", "/api/runs/{id}/replay", Role.Operator, "replayRun", "Replays a run: from the start (the record is read again), or a failed one from the failed step; 202 when the new event is stored.", ReplayAsync)
        {
            Answer = typeof(RunReplayAnswer), Status = StatusCodes.Status202Accepted,
        },
    ];

    private static async Task<IResult> ReplayAsync(Call call, string id, RunReplayRequest? request, [FromHeader(Name = "Idempotency-Key")] string? asked, CancellationToken cancellationToken)
    {
        if (request?.From is not (null or "start" or "step")) return Problem.BadRequest($"'from' is start or step, not '{request.From}'.");
        if (asked is not null && (asked.Length is 0 or > LongestKey || asked.Any(c => c is < '!' or > '~'))) return Problem.BadRequest($"Idempotency-Key is 1 to {LongestKey} visible characters of ASCII.");
        var workspace = call.Caller.Workspace;
        if (await call.Host.View.Runs.FindAsync(workspace, id, cancellationToken).ConfigureAwait(false) is not { } run) return Problem.NotFound($"There is no run '{id}'.");
        var name = call.Workspace.Names.NameOf(run.Deployment.Id);
        if (call.Host.Runtime.Registry.Find(run.Deployment) is not { } deployment) return Problem.Conflict($"The deployment '{name}' of this run is not there any more.");
        var from = request?.From ?? "start";
        var replay = await call.Host.Runtime.Replayer.ReplayAsync(run, deployment, from == "step", asked, cancellationToken).ConfigureAwait(false);
        if (replay.Refusal is { } why) return Refused(why, run, replay.Letter);
        if (replay.EventId is { } started) await call.AuditAsync("run.replay", id, null, new { deployment = name, from, @event = started }).ConfigureAwait(false);
        return Results.Json(new RunReplayAnswer(replay.EventId, replay.EventId is null), statusCode: StatusCodes.Status202Accepted);
    }

    private static IResult Refused(RunReplayRefusal why, RunRow run, DeadLetter? letter) => why switch
    {
        RunReplayRefusal.DidNotFail => Problem.Conflict("This run did not fail, so there is no step to go on from. Replay it from the start."),
        RunReplayRefusal.NoTrigger => Problem.Conflict($"The version that is active has no trigger '{run.Trigger}', with which this run began."),
        RunReplayRefusal.Closed => Problem.Conflict($"The dead letter {letter!.Id} of this run is {Words.Of(letter.State)}: {letter.Note}"),
        _ => Problem.Conflict("This run was not begun by a record, and what it was handed is deleted when a run ended well. Send it again, or start a run by hand: POST /api/deployments/run/NAME."),
    };
}

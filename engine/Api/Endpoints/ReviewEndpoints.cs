using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>Questions that wait for a person, and their decisions.</summary>
internal static class ReviewEndpoints
{
    private const int LongestComment = 500;

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/reviews", Role.Viewer, "listReviews", "Questions that wait for a person, newest first; state=all also those decided.", ListAsync) { Answer = typeof(Page<ReviewView>) },
        new("GET", "/api/reviews/{id}", Role.Operator, "getReview", "A question with the records it is about.", FindAsync) { Answer = typeof(ReviewDetail) },
        new("POST", "/api/reviews/{id}/decision", Role.Operator, "decideReview", "Decides it; the run that waits goes on. The first decision counts.", DecideAsync) { Answer = typeof(ReviewView) },
    ];

    private static async Task<IResult> ListAsync(Call call, string? deployment, string? state, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        var names = call.Workspace.Names;
        Guid? id = null;
        if (deployment is not null && (id = names.Find(deployment)) is null) return Problem.NotFound($"There is no deployment '{deployment}'.");
        if (state is not (null or "open" or "decided" or "all")) return Problem.BadRequest($"'{state}' is no state; expected open, decided or all.");
        if (!Paging.TryLimit(limit, out var most)) return Problem.BadRequest(Paging.BadLimit);
        if (!Paging.TryRead(cursor, out var before)) return Problem.BadRequest(Paging.BadCursor);
        var rows = await call.Host.Runtime.Reviews.ListAsync(
            new ReviewFilter
            {
                Workspace = call.Caller.Workspace, Deployment = id, Open = state switch { "all" => null, "decided" => false, _ => true }, Before = before, Limit = most + 1,
            },
            cancellationToken).ConfigureAwait(false);
        return Results.Json(Paging.Of(rows, most, r => r.Asked.Id, r => ReviewView.Of(r, names)));
    }

    private static async Task<IResult> FindAsync(Call call, string id, CancellationToken cancellationToken)
    {
        if (await call.Host.Runtime.Reviews.FindAsync(call.Caller.Workspace, id, cancellationToken).ConfigureAwait(false) is not { } review) return NotThere(id);
        var content = review.Asked.Content.Length == 0 ? null : Payload.Decode(review.Asked.Content) as IReadOnlyDictionary<string, object?>;
        return Results.Json(new ReviewDetail(
            ReviewView.Of(review, call.Workspace.Names), PayloadJson.ToJson(content?.GetValueOrDefault("wanted")), PayloadJson.ToJson(content?.GetValueOrDefault("candidates") ?? new List<object?>())));
    }

    private static async Task<IResult> DecideAsync(Call call, string id, DecisionBody body, CancellationToken cancellationToken)
    {
        if (!Words.TryRead<ReviewDecision>(body.Decision ?? "", out var decision) || decision == ReviewDecision.None) return Problem.BadRequest("'decision' is use, create, skip, approve, reject or dismiss.");
        if (body.Comment is { } comment && (comment.Length > LongestComment || comment.Any(c => char.IsControl(c) && c != '\n'))) return Problem.Unprocessable($"A comment is at most {LongestComment} characters without control characters.");
        if (body.Record is { Length: > 200 }) return Problem.Unprocessable("'record' is the id of one of the candidates.");
        var answer = await call.Host.Runtime.Reviews.DecideAsync(call.Caller.Workspace, id, decision, body.Record, body.Comment, call.Caller.Name, cancellationToken).ConfigureAwait(false);
        if (answer.Review is null) return NotThere(id);
        if (answer.Problem is { } problem) return answer.Review.IsOpen ? Problem.Unprocessable(problem) : Problem.Conflict(problem);
        await call.AuditAsync("review.decide", id, null, new { body.Decision, body.Record, body.Comment }).ConfigureAwait(false);
        return Results.Json(ReviewView.Of(answer.Review, call.Workspace.Names));
    }

    private static IResult NotThere(string id) => Problem.NotFound($"There is no review '{id}'.");
}

using System.Globalization;
using Microsoft.AspNetCore.Http;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Api;

/// <summary>Every refusal in one shape (RFC 9457): what happened, and what to do.</summary>
internal static class Problem
{
    public static IResult NotFound(string what) => Of(StatusCodes.Status404NotFound, "not-found", what);

    public static IResult BadRequest(string what) => Of(StatusCodes.Status400BadRequest, "bad-request", what);

    public static IResult Unprocessable(string what) => Of(StatusCodes.Status422UnprocessableEntity, "does-not-fit", what);

    /// <summary>Mistakes of an author, all at once.</summary>
    public static IResult Mistakes(string what, IEnumerable<Diagnostic> diagnostics) =>
        new ProblemResult(StatusCodes.Status422UnprocessableEntity, "does-not-fit", what, ("diagnostics", diagnostics.Select(DiagnosticView.Of).ToList()));

    public static IResult Conflict(string what) => Of(StatusCodes.Status409Conflict, "conflict", what);

    /// <summary>Somebody else saved meanwhile.</summary>
    public static IResult Changed(string what, string by, DateTimeOffset at) =>
        new ProblemResult(StatusCodes.Status412PreconditionFailed, "changed", what, ("changedBy", by), ("changedAt", at));

    public static IResult SayRevision() =>
        Of(StatusCodes.Status428PreconditionRequired, "precondition-required", "Say which revision you read: If-Match with its ETag, or If-None-Match: * for something new.");

    public static IResult TooLarge(string what) => Of(StatusCodes.Status413PayloadTooLarge, "too-large", what);

    public static IResult Busy(string what, TimeSpan retryAfter) => Wait(StatusCodes.Status503ServiceUnavailable, "busy", what, retryAfter);

    public static IResult TooMany(string why, TimeSpan retryAfter) => Wait(StatusCodes.Status429TooManyRequests, "too-many-requests", why + " Retry-After says when to send again.", retryAfter);

    public static IResult TooMany(TimeSpan retryAfter) =>
        Wait(StatusCodes.Status429TooManyRequests, "too-many-requests", "This credential sends more requests than it may. Retry-After says when to go on.", retryAfter);

    public static IResult Of(int status, string code, string detail) => new ProblemResult(status, code, detail);

    private static ProblemResult Wait(int status, string code, string what, TimeSpan retryAfter) => new(status, code, what) { RetryAfter = retryAfter };

    private sealed class ProblemResult(int status, string code, string detail, params (string Name, object? Value)[] more) : IResult
    {
        public TimeSpan? RetryAfter { get; init; }

        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (RetryAfter is { } wait) httpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            var extensions = new Dictionary<string, object?> { ["code"] = code, ["requestId"] = httpContext.TraceIdentifier };
            foreach (var (name, value) in more) extensions[name] = value;
            return Results.Problem(detail: detail, statusCode: status, extensions: extensions).ExecuteAsync(httpContext);
        }
    }
}

using Microsoft.AspNetCore.Http;

namespace WorkflowEngine.Api;

/// <summary>Every refusal in one shape (RFC 9457): what happened, and what to do.</summary>
internal static class Problem
{
    public static IResult NotFound(string what) => Of(StatusCodes.Status404NotFound, "not-found", what);

    public static IResult BadRequest(string what) => Of(StatusCodes.Status400BadRequest, "bad-request", what);

    public static IResult Unprocessable(string what) => Of(StatusCodes.Status422UnprocessableEntity, "does-not-fit", what);

    public static IResult Conflict(string what) => Of(StatusCodes.Status409Conflict, "conflict", what);

    public static IResult TooLarge(string what) => Of(StatusCodes.Status413PayloadTooLarge, "too-large", what);

    public static IResult Busy(string what, TimeSpan retryAfter) => new WithRetryAfter(Of(StatusCodes.Status503ServiceUnavailable, "busy", what), retryAfter);

    private static IResult Of(int status, string code, string detail) =>
        Results.Problem(detail: detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });

    private sealed class WithRetryAfter(IResult inner, TimeSpan retryAfter) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return inner.ExecuteAsync(httpContext);
        }
    }
}

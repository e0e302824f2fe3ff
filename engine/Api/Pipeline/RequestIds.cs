using Microsoft.AspNetCore.Http;

namespace WorkflowEngine.Api;

/// <summary>Gives every request an id: the caller's own, if it is one, else a new one.</summary>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";

    private const int Longest = 64;

    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        string? given = context.Request.Headers[Header];
        var id = given is { Length: > 0 and <= Longest } && given.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? given : Guid.CreateVersion7().ToString("N");
        context.TraceIdentifier = id;
        context.Response.Headers[Header] = id;
        return next(context);
    }
}

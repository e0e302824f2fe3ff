using System.Net;
using Microsoft.AspNetCore.Http;

namespace WorkflowEngine.Api;

/// <summary>
/// Without authentication the address itself is the credential, so a web page of somebody else must not be able to use the browser of who sits at the machine: a foreign host name
/// (a name that was pointed at 127.0.0.1) and a request from another origin are refused.
/// </summary>
internal static class LocalGuard
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsLocal(context.Request.Host.Host))
        {
            return Problem.Of(StatusCodes.Status403Forbidden, "forbidden", "Without configured authentication the server answers under localhost and 127.0.0.1 only.").ExecuteAsync(context);
        }

        string? origin = context.Request.Headers.Origin;
        if (origin is not null && origin != $"{context.Request.Scheme}://{context.Request.Host.Value}")
        {
            return Problem.Of(StatusCodes.Status403Forbidden, "forbidden", "Without configured authentication pages of other origins may not call the server.").ExecuteAsync(context);
        }

        return next(context);
    }

    private static bool IsLocal(string host) => host is "localhost" or "127.0.0.1" || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary><c>POST /hooks/{deployment}/{token}</c>: an authenticated inbound call. 202 means it is on disk.</summary>
internal static class HookEndpoints
{
    /// <summary>Largest payload in bytes.</summary>
    private const int LargestBody = 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        // The name of a deployment of a template with several flows holds a slash: the token is what follows the last one.
        routes.MapPost("/hooks/{**path}", AcceptAsync).WithSummary("Accepts an event for a webhook trigger; 202 when it is stored.");
        routes.MapPost("/api/deployments/run/{**name}", RunAsync).WithSummary("Starts a run by hand with the body as input.");
    }

    private static async Task<IResult> AcceptAsync(FlowHost host, HttpContext context, string path)
    {
        var slash = path.LastIndexOf('/');
        if (slash <= 0) return Problem.NotFound("There is no such hook.");
        var (body, problem) = await ReadAsync(context).ConfigureAwait(false);
        return problem ?? Answer(await host.AcceptHookAsync(path[..slash], path[(slash + 1)..], body, context.RequestAborted).ConfigureAwait(false), "There is no such hook.");
    }

    private static async Task<IResult> RunAsync(FlowHost host, HttpContext context, string name)
    {
        var (body, problem) = await ReadAsync(context).ConfigureAwait(false);
        return problem ?? Answer(await host.RunAsync(name, body, context.RequestAborted).ConfigureAwait(false), $"There is no deployment '{name}'.");
    }

    private static IResult Answer(HookAnswer answer, string unknown)
    {
        if (answer.IsUnknown) return Problem.NotFound(unknown);
        if (answer.IsBusy) return Problem.Busy("The event cannot be stored now; send it again.", TimeSpan.FromSeconds(5));
        if (answer.Problem is { } refused) return Problem.Unprocessable(refused);
        return Results.Json(new { @event = answer.EventId, same = answer.EventId is null }, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<(ReadOnlyMemory<byte> Body, IResult? Problem)> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > LargestBody) return (default, Problem.TooLarge("The body is larger than 1 MB."));
        using var buffer = new MemoryStream((int)(context.Request.ContentLength ?? 4096));
        var chunk = new byte[8192];
        int read;
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted).ConfigureAwait(false)) > 0)
        {
            if (buffer.Length + read > LargestBody) return (default, Problem.TooLarge("The body is larger than 1 MB."));
            buffer.Write(chunk, 0, read);
        }

        return (buffer.GetBuffer().AsMemory(0, (int)buffer.Length), null);
    }
}

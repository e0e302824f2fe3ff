using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary><c>POST /hooks/{deployment}/{token}</c>: an authenticated inbound call. 202 means it is on disk.</summary>
internal static class HookEndpoints
{
    /// <summary>Largest payload in bytes.</summary>
    private const int LargestBody = 1024 * 1024;

    // The name of a deployment of a template with several flows holds a slash: the token is what follows the last one.
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("POST", "/hooks/{**path}", null, "acceptEvent", "Accepts an event for a webhook trigger: /hooks/DEPLOYMENT/TOKEN; 202 when it is stored.", AcceptAsync) { Status = StatusCodes.Status202Accepted },
        new("POST", "/webhooks/{workspace}/{connection}", null, "acceptWebhook", "Accepts a vendor's webhook: signed with the connection's webhookKey; 200 when its hints are stored.", AcceptWebhookAsync),
        new("POST", "/api/deployments/run/{**name}", Role.Operator, "runDeployment", "Starts a run by hand with the body as input.", RunAsync) { Status = StatusCodes.Status202Accepted },
    ];

    private static async Task<IResult> AcceptAsync(FlowHost host, HookGate gate, HttpContext context, string path)
    {
        var slash = path.LastIndexOf('/');
        if (slash <= 0) return Problem.NotFound("There is no such hook.");
        if (await gate.OfHookAsync(context, path[..slash], path[(slash + 1)..]).ConfigureAwait(false) is { } refusal) return refusal;
        var (body, problem) = await ReadAsync(context).ConfigureAwait(false);
        return problem ?? Answer(await host.AcceptHookAsync(path[..slash], path[(slash + 1)..], body, context.RequestAborted).ConfigureAwait(false), "There is no such hook.");
    }

    private static async Task<IResult> AcceptWebhookAsync(FlowHost host, HookGate gate, HttpContext context, string workspace, string connection)
    {
        if (!host.Knows(workspace, connection)) return Problem.NotFound("There is no such webhook.");
        if (gate.OfWebhook(context, workspace, connection) is { } refusal) return refusal;
        var (body, problem) = await ReadAsync(context).ConfigureAwait(false);
        if (problem is not null) return problem;
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var answer = await host.AcceptWebhookAsync(workspace, connection, new WebhookCall { Body = body, Headers = headers }, context.RequestAborted).ConfigureAwait(false);
        if (answer.Shed is { } shed) return Later(shed);
        if (answer == WebhookAnswer.Accepted) return Results.Ok();
        if (answer == WebhookAnswer.Unsigned) return Problem.Of(StatusCodes.Status401Unauthorized, "unsigned", "The signature is missing or wrong.");
        return answer == WebhookAnswer.Unreadable ? Problem.Unprocessable("The body is no webhook of this connection's tenant.") : Problem.NotFound("There is no such webhook.");
    }

    private static async Task<IResult> RunAsync(Call call, HttpContext context, string name)
    {
        var (body, problem) = await ReadAsync(context).ConfigureAwait(false);
        if (problem is not null) return problem;
        var answer = await call.Host.RunAsync(call.Workspace, name, body, context.RequestAborted).ConfigureAwait(false);
        if (answer.EventId is { } started) await call.AuditAsync("deployment.run", name, null, new { @event = started }).ConfigureAwait(false);
        return Answer(answer, $"There is no deployment '{name}'.");
    }

    private static IResult Answer(HookAnswer answer, string unknown)
    {
        if (answer.IsUnknown) return Problem.NotFound(unknown);
        if (answer.Shed is { } shed) return Later(shed);
        if (answer.IsBusy) return Problem.Busy("The event cannot be stored now; send it again.", TimeSpan.FromSeconds(5));
        if (answer.Problem is { } refused) return Problem.Unprocessable(refused);
        return new AcceptedEvent(answer.EventId);
    }

    private static IResult Later(Shedding shed) => shed.TooMany ? Problem.TooMany(shed.Reason, shed.RetryAfter) : Problem.Busy(shed.Reason, shed.RetryAfter);

    private static async Task<(ReadOnlyMemory<byte> Body, IResult? Problem)> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > LargestBody) return (default, Problem.TooLarge("The body is larger than 1 MB."));
        if (context.Request.ContentLength is { } length) return (await ReadKnownAsync(context, (int)length).ConfigureAwait(false), null);
        using var buffer = new MemoryStream(4096);
        var chunk = new byte[8192];
        int read;
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted).ConfigureAwait(false)) > 0)
        {
            if (buffer.Length + read > LargestBody) return (default, Problem.TooLarge("The body is larger than 1 MB."));
            buffer.Write(chunk, 0, read);
        }

        return (buffer.GetBuffer().AsMemory(0, (int)buffer.Length), null);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadKnownAsync(HttpContext context, int length)
    {
        var body = new byte[length];
        var at = 0;
        int read;
        while (at < length && (read = await context.Request.Body.ReadAsync(body.AsMemory(at), context.RequestAborted).ConfigureAwait(false)) > 0) at += read;
        return body.AsMemory(0, at);
    }

    /// <summary><c>{"event":17,"same":false}</c>, written without a serializer: this is the answer of every call.</summary>
    private sealed class AcceptedEvent(long? id) : IResult
    {
        private static readonly byte[] Same = "{\"event\":null,\"same\":true}"u8.ToArray();

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var body = id is { } known ? Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"event\":{known},\"same\":false}}")) : Same;
            httpContext.Response.StatusCode = StatusCodes.Status202Accepted;
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            httpContext.Response.ContentLength = body.Length;
            await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted).ConfigureAwait(false);
        }
    }
}

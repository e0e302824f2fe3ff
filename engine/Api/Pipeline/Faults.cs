using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>The one place where an exception becomes an answer.</summary>
internal static class Faults
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next, ILogger log)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer any more.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await AnswerOf(e, context, log).ExecuteAsync(context).ConfigureAwait(false);
        }
    }

    /// <summary>Answers that routing gives on its own (no such path, no such method) in the shape of all others.</summary>
    public static Task StatusAsync(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Problem.NotFound($"There is nothing at {context.Request.Path}. The API is described at /openapi/v1.json.").ExecuteAsync(context),
        StatusCodes.Status405MethodNotAllowed => Problem.Of(405, "method-not-allowed", $"{context.Request.Method} is not possible here; possible: {context.Response.Headers.Allow}.").ExecuteAsync(context),
        StatusCodes.Status413PayloadTooLarge => Problem.TooLarge("The body is larger than allowed here.").ExecuteAsync(context),
        StatusCodes.Status415UnsupportedMediaType => Problem.Of(415, "not-json", "The body must be JSON: send Content-Type: application/json.").ExecuteAsync(context),
        var status => Problem.Of(status, "bad-request", "The request cannot be handled.").ExecuteAsync(context),
    };

    private static IResult AnswerOf(Exception problem, HttpContext context, ILogger log)
    {
        switch (problem)
        {
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Problem.TooLarge("The body is larger than allowed here.");
            case BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType }:
                return Problem.Of(415, "not-json", "The body must be JSON: send Content-Type: application/json.");
            case BadHttpRequestException { InnerException: JsonException json }:
                return Problem.BadRequest(Sentence(json));
            case BadHttpRequestException bad:
                return Problem.BadRequest(bad.InnerException is null ? Words(bad.Message) : "The request cannot be read.");
            case JsonException json:
                return Problem.BadRequest(Sentence(json));
            case CommitFailedException:
                return Problem.Busy("The change cannot be stored now; nothing was changed. Send it again.", TimeSpan.FromSeconds(5));
            default:
                ApiLog.Failed(log, context.TraceIdentifier, problem);
                return Problem.Of(500, "internal", $"The server made a mistake and has logged it. Tell its operator the request id {context.TraceIdentifier}.");
        }
    }

    private static string Sentence(JsonException json)
    {
        if (json.Message.Contains("could not be mapped", StringComparison.Ordinal)) return $"The body has a property that is not known: {json.Path}. See /openapi/v1.json.";
        var place = json.LineNumber is { } line ? $" (line {line + 1}, byte {json.BytePositionInLine + 1})" : "";
        return $"The body is no JSON that fits{(json.Path is { Length: > 1 } path ? $" at {path}" : "")}{place}. See /openapi/v1.json for its form.";
    }

    // The framework names its own types in these; people get the part that is about their request.
    private static string Words(string message) => message.StartsWith("Failed to bind parameter", StringComparison.Ordinal) && message.Split('"') is { Length: >= 2 } parts
        ? $"The parameter '{parts[1].Split(' ')[^1]}' cannot be read: {(parts.Length > 3 ? $"'{parts[3]}' does not fit." : "it does not fit.")}"
        : message.StartsWith("Required parameter", StringComparison.Ordinal) && message.Split('"') is { Length: >= 2 } required
            ? $"The request lacks '{required[1].Split(' ')[^1]}'."
            : message.StartsWith("Implicit body", StringComparison.Ordinal) ? "The request needs a JSON body." : "The request cannot be read.";
}

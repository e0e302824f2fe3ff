using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>Why a field of a record holds what we wrote.</summary>
internal static class WhyEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/why", Role.Viewer, "why", "Who wrote a record's field: event, run, flow version, file and line, inputs, value; newest first.", WhyAsync) { Answer = typeof(Whole<WhyView>) },
    ];

    private static async Task<IResult> WhyAsync(
        Call call, Explainer explainer, string? connection, string? entity, string? record, string? field, int? limit, CancellationToken cancellationToken)
    {
        if (connection is null || entity is null || record is null) return Problem.BadRequest("Name the record: connection, entity and record.");
        if (!Paging.TryLimit(limit ?? 20, out var most)) return Problem.BadRequest(Paging.BadLimit);
        if (!call.Workspace.Connections.Knows(connection)) return Problem.NotFound($"There is no connection '{connection}'.");
        var opened = await call.Workspace.Connections.OpenAsync(connection, cancellationToken).ConfigureAwait(false);
        if (!opened.Succeeded) return Problem.Of(StatusCodes.Status502BadGateway, "outside", $"The connection '{connection}' cannot be opened ({opened.Error.Code}): {opened.Error.Message}");
        var writes = await explainer.WhyAsync(call.Caller.Workspace, opened.Value.Realm, entity, record, field, most, cancellationToken).ConfigureAwait(false);
        return Results.Json(new Whole<WhyView>([.. writes.Select(w => WhyView.Of(w, call.Workspace.Names))]));
    }
}

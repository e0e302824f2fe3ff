using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>Who changed what, when, from what, to what.</summary>
internal static class AuditEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/audit", Role.Admin, "listAudit", "Changes by people and programs, newest first.", ListAsync) { Answer = typeof(Page<AuditView>) },
    ];

    private static async Task<IResult> ListAsync(Call call, string? target, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        if (!Paging.TryLimit(limit, out var most)) return Problem.BadRequest(Paging.BadLimit);
        if (!Paging.TryReadNumber(cursor, out var before)) return Problem.BadRequest(Paging.BadCursor);
        var rows = await call.Host.Settings.Audit.ListAsync(call.Caller.Workspace, target, before, most + 1, cancellationToken).ConfigureAwait(false);
        return Results.Json(Paging.Of(rows, most, e => e.Id.ToString(CultureInfo.InvariantCulture), View));
    }

    private static AuditView View(AuditEntry e) => new(e.Id, e.At, e.Actor, e.Action, e.Target, Json(e.Before), Json(e.After), e.RequestId);

    private static JsonElement? Json(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>Deployments, incidents, health, and the check of flow texts.</summary>
internal static class StatusEndpoints
{
    private const int MostFiles = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/deployments", DeploymentsAsync).WithSummary("Deployments with their state, backlog and outcomes.");
        routes.MapGet("/api/incidents", IncidentsAsync).WithSummary("Equal failures as one thing; open ones unless all=true.");
        routes.MapPost("/api/flows/check", Check).WithSummary("Checks flow files: the same findings as on the command line.");
        routes.MapGet("/health/live", () => Results.Json(new { status = "live" })).WithSummary("The process answers.");
        routes.MapGet("/health/ready", Ready).WithSummary("The last good workspace runs; says what is wrong otherwise.");
    }

    private static async Task<IResult> DeploymentsAsync(FlowHost host, CancellationToken cancellationToken)
    {
        var backlog = (await host.View.Inbox.CountAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(b => b.Deployment);
        var rows = new List<object>();
        foreach (var deployment in host.Runtime.Registry.All.OrderBy(d => d.Name, StringComparer.Ordinal))
        {
            var outcomes = await host.View.Runs.CountAsync(host.Names.Workspace, deployment.Ref.Id, cancellationToken).ConfigureAwait(false);
            var waiting = backlog.GetValueOrDefault(deployment.Ref);
            rows.Add(new
            {
                name = deployment.Name,
                flow = deployment.Flow.Id,
                version = deployment.Flow.Version,
                hash = deployment.Flow.Hash,
                state = deployment.State.ToString().ToLowerInvariant(),
                pausedBecause = deployment.PausedBecause,
                connections = deployment.Connections.ToDictionary(c => c.Key, c => new { name = c.Value.Name, realm = c.Value.Realm }),
                waiting = new { ready = waiting?.Ready ?? 0, behind = waiting?.Behind ?? 0, delayed = waiting?.Delayed ?? 0 },
                runs = outcomes.ToDictionary(o => o.Key.ToString().ToLowerInvariant(), o => o.Value),
            });
        }

        return Results.Json(new { data = rows, pauses = host.Runtime.Pauses });
    }

    private static async Task<IResult> IncidentsAsync(FlowHost host, bool? all, CancellationToken cancellationToken)
    {
        var rows = await host.View.Incidents.ListAsync(host.Names.Workspace, all != true, cancellationToken).ConfigureAwait(false);
        return Results.Json(new
        {
            data = rows.Select(i => new
            {
                deployment = i.Deployment is { } id ? host.Names.NameOf(id) : null,
                fingerprint = i.Fingerprint,
                message = i.Message,
                count = i.Count,
                firstSeen = i.FirstSeen,
                lastSeen = i.LastSeen,
                recoveredAt = i.RecoveredAt,
            }),
        });
    }

    private static IResult Check(IReadOnlyList<IConnector> connectors, CheckRequest request)
    {
        if (request.Files is null or { Count: 0 }) return Problem.BadRequest("Give the files to check: { \"files\": [ { \"path\": …, \"content\": … } ] }.");
        if (request.Files.Count > MostFiles) return Problem.BadRequest($"At most {MostFiles} files are checked at once.");
        var bundle = FlowBundle.Compile([.. request.Files.Select(f => new SourceText(f.Path ?? "flow.yaml", f.Content ?? ""))], [.. connectors.Select(c => c.Descriptor)], strict: true);
        return Results.Json(new
        {
            diagnostics = bundle.Diagnostics.Select(d => new
            {
                code = d.Code,
                severity = DiagnosticRenderer.Word(d.Severity),
                path = d.Path,
                line = d.Position.Line,
                column = d.Position.Column,
                offset = d.Span.Offset,
                length = d.Span.Length,
                message = d.Message,
                hint = d.Hint,
            }),
        });
    }

    private static IResult Ready(FlowHost host, WorkspaceRunner workspace)
    {
        var wrong = workspace.Findings.Select(f => f.ToString()).Concat(workspace.Problems).Concat(host.Runtime.Pauses).ToList();
        return Results.Json(new { status = wrong.Count == 0 ? "ready" : "degraded", wrong }, statusCode: wrong.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>Files to check.</summary>
public sealed record CheckRequest(IReadOnlyList<CheckedFile>? Files);

/// <summary>A file by its path; flows of one folder are a template.</summary>
public sealed record CheckedFile(string? Path, string? Content);

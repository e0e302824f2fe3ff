using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>A workspace as a document without secrets: for git, for promotion to another server.</summary>
internal static class WorkspaceEndpoints
{
    private const int MostThings = 500;

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/workspace/export", Role.Author, "exportWorkspace", "Templates, connections without secrets, and deployments that the API keeps.", ExportAsync) { Answer = typeof(WorkspaceDocument) },
        new("POST", "/api/workspace/import", Role.Author, "importWorkspace", "Takes an export: names missing connections before anything changes; dryRun=true only judges it.", ImportAsync) { Answer = typeof(ImportAnswer) },
    ];

    private static async Task<IResult> ExportAsync(Call call, TemplateLibrary library, CancellationToken cancellationToken)
    {
        var workspace = call.Caller.Workspace;
        var deployments = (await call.Host.Settings.DeploymentVersions.ReadCurrentAsync(cancellationToken).ConfigureAwait(false)).Where(d => d.Workspace == workspace).ToList();
        var templates = new List<ExportedTemplate>();
        foreach (var (id, hash) in deployments.Select(d => (d.Template, d.TemplateHash)).Distinct())
        {
            if (await library.FindAsync(workspace, id, hash, cancellationToken).ConfigureAwait(false) is { } template)
            {
                templates.Add(new ExportedTemplate(id, hash, [.. template.Files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => new FileView(f.Path, f.Content))]));
            }
        }

        var connections = call.Workspace.Connections.Names.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c =>
        {
            var (settings, secrets) = call.Workspace.Connections.Describe(c.Key);
            return new ExportedConnection(c.Key, c.Value, null, settings, secrets);
        });
        return Results.Json(new WorkspaceDocument(
            1, templates, [.. connections], [.. deployments.Select(d => new ExportedDeployment(d.Name, Pinned(d)))]));
    }

    private static async Task<IResult> ImportAsync(Call call, TemplateLibrary library, Deployer deployer, WorkspaceDocument document, bool? dryRun, CancellationToken cancellationToken)
    {
        if (document.Format != 1) return Problem.Unprocessable("'format' is 1; this server reads no other.");
        var (templates, connections, deployments) = (document.Templates ?? [], document.Connections ?? [], document.Deployments ?? []);
        if (templates.Count + connections.Count + deployments.Count > MostThings) return Problem.Unprocessable($"At most {MostThings} things are taken at once.");
        if (deployments.Any(d => !Paging.IsName(d?.Name) || d.Specification is null) || templates.Any(t => !Paging.IsName(t?.Id))) return Problem.Unprocessable("Every template and deployment needs a name, every deployment its specification.");
        var problems = new List<string>();
        var parts = new List<(string Id, Template Template)>();
        foreach (var part in templates)
        {
            if (FlowEndpoints.FilesOf(part.Files, out var files) is { } problem) problems.Add($"{part.Id}: {problem}");
            else if (TemplateFiles.Problem(files) is { } unfit) problems.Add($"{part.Id}: {unfit}");
            else
            {
                var template = library.Of(part.Id!, TemplateOrigin.Uploaded, files);
                problems.AddRange(template.Bundle.Diagnostics.Where(d => d.IsError).Select(d => $"{part.Id}/{d}"));
                parts.Add((part.Id!, template));
            }
        }

        var requests = new List<(string Name, string Specification)>();
        foreach (var deployment in deployments)
        {
            var (specification, problem) = DeploymentRequest.Normalise(deployment.Specification!.Value);
            if (specification is null) problems.Add($"{deployment.Name}: {problem}");
            else requests.Add((deployment.Name!, specification));
        }

        var needed = requests.SelectMany(r => ConnectionsOf(r.Specification)).Distinct(StringComparer.Ordinal).Where(c => !call.Workspace.Connections.Knows(c)).Order(StringComparer.Ordinal);
        var missing = needed.Select(n => connections.FirstOrDefault(c => c?.Name == n) ?? new ExportedConnection(n, null, null, null, null)).ToList();
        if (problems.Count > 0 || missing.Count > 0 || dryRun == true)
        {
            return Results.Json(
                new ImportAnswer(true, missing, parts.ToDictionary(p => p.Id, _ => "would be taken"), requests.ToDictionary(r => r.Name, _ => "would be taken"), problems),
                statusCode: dryRun == true ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
        }

        var (tookTemplates, tookDeployments) = (new SortedDictionary<string, string>(StringComparer.Ordinal), new SortedDictionary<string, string>(StringComparer.Ordinal));
        foreach (var (id, template) in parts)
        {
            var taken = await library.AddAsync(call.Caller.Workspace, template, "imported", call.Now, call.Caller.Name, cancellationToken).ConfigureAwait(false);
            tookTemplates[id] = taken switch { TemplateTake.Added => "created", TemplateTake.Again => "changed", _ => "unchanged" };
        }

        foreach (var (name, specification) in requests)
        {
            var judgement = await deployer.JudgeAsync(call.Workspace, name, specification, null, cancellationToken).ConfigureAwait(false);
            if (judgement.Refused)
            {
                tookDeployments[name] = "refused";
                problems.AddRange(judgement.Findings.Where(f => f.IsError).Select(f => f.Message).Concat(judgement.Problems).Select(p => $"{name}: {p}"));
                continue;
            }

            var (version, inactive) = await deployer.ApplyAsync(call.Workspace, judgement, "imported", call.Caller.Name, cancellationToken).ConfigureAwait(false);
            tookDeployments[name] = judgement.Same ? "unchanged" : judgement.Current is null ? "created" : "changed";
            problems.AddRange(inactive);
            if (version is null) problems.Add($"{name}: it was changed by somebody else at the same moment.");
        }

        await call.AuditAsync("workspace.import", call.Caller.Workspace, null, new { templates = tookTemplates, deployments = tookDeployments }).ConfigureAwait(false);
        return Results.Json(new ImportAnswer(false, [], tookTemplates, tookDeployments, problems));
    }

    /// <summary>The request with the content it runs as its version, so that another server takes the same.</summary>
    private static JsonElement Pinned(DeploymentVersion deployment)
    {
        var specification = System.Text.Json.Nodes.JsonNode.Parse(deployment.Specification)!.AsObject();
        specification["version"] = deployment.TemplateHash;
        return JsonSerializer.Deserialize<JsonElement>(DeploymentRequest.Normalise(JsonSerializer.SerializeToElement(specification)).Specification!);
    }

    private static IEnumerable<string> ConnectionsOf(string specification)
    {
        using var document = JsonDocument.Parse(specification);
        if (!document.RootElement.TryGetProperty("connections", out var connections) || connections.ValueKind != JsonValueKind.Object) return [];
        return [.. connections.EnumerateObject().Where(c => c.Value.ValueKind == JsonValueKind.String).Select(c => c.Value.GetString()!)];
    }
}

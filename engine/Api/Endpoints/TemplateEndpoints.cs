using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>Templates: built in, of the folder that is followed, uploaded. A version is its content.</summary>
internal static class TemplateEndpoints
{
    private const int LongestNote = 500;

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/templates", Role.Viewer, "listTemplates", "The current content of every template.", ListAsync) { Answer = typeof(Whole<TemplateRowView>) },
        new("GET", "/api/templates/{id}", Role.Viewer, "getTemplate", "A template with its files, parameters and what it requires; 'version' names an earlier content.", FindAsync) { Answer = typeof(TemplateView) },
        new("PUT", "/api/templates/{id}", Role.Author, "putTemplate", "Uploads a content of a template; the same files twice are one version.", PutAsync) { Answer = typeof(TemplateView), Status = StatusCodes.Status201Created },
    ];

    private static async Task<IResult> ListAsync(Call call, TemplateLibrary library, CancellationToken cancellationToken) =>
        Results.Json(new Whole<TemplateRowView>([.. (await library.ListAsync(call.Caller.Workspace, cancellationToken).ConfigureAwait(false)).Select(TemplateRowView.Of)]));

    private static async Task<IResult> FindAsync(Call call, TemplateLibrary library, string id, string? version, CancellationToken cancellationToken)
    {
        if (!Paging.IsName(id)) return Problem.NotFound($"There is no template '{id}'.");
        if (await library.FindAsync(call.Caller.Workspace, id, version, cancellationToken).ConfigureAwait(false) is { } template)
        {
            return Results.Json(TemplateView.Of(template, await library.VersionsAsync(call.Caller.Workspace, id, cancellationToken).ConfigureAwait(false)));
        }

        return Problem.NotFound(version is null ? $"There is no template '{id}'." : $"There is no version '{version}' of a template '{id}'.");
    }

    private static async Task<IResult> PutAsync(Call call, TemplateLibrary library, string id, TemplateBody body, CancellationToken cancellationToken)
    {
        if (!Paging.IsName(id)) return Problem.BadRequest(Paging.BadName(id));
        if (FlowEndpoints.FilesOf(body.Files, out var files) is { } problem) return Problem.BadRequest(problem);
        if (TemplateFiles.Problem(files) is { } unfit) return Problem.Unprocessable(unfit);
        if (body.Note is { } note && (note.Length > LongestNote || note.Any(c => char.IsControl(c) && c != '\n'))) return Problem.Unprocessable($"A note is at most {LongestNote} characters.");
        var template = library.Of(id, TemplateOrigin.Uploaded, files);
        if (template.Bundle.Diagnostics.Any(d => d.IsError)) return Problem.Mistakes($"The template '{id}' has mistakes and was not taken.", template.Bundle.Diagnostics);
        if (template.Bundle.Flows.Count == 0) return Problem.Unprocessable("There is no flow among the files: a flow begins with 'flow:'.");
        if (template.Bundle.Template?.Template.Value is { } own && own != id) return Problem.Unprocessable($"Its template.yaml says that it is '{own}', not '{id}'.");
        var taken = await library.AddAsync(call.Caller.Workspace, template, body.Note, call.Now, call.Caller.Name, cancellationToken).ConfigureAwait(false);
        if (taken != TemplateTake.Unchanged) await call.AuditAsync("template.put", id, null, new { template.Hash, template.Version, body.Note }).ConfigureAwait(false);
        var versions = await library.VersionsAsync(call.Caller.Workspace, id, cancellationToken).ConfigureAwait(false);
        return Results.Json(TemplateView.Of(template, versions), statusCode: taken == TemplateTake.Added ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }
}

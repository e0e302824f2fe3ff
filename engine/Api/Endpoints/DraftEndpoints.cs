using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>Templates being edited. A draft may hold mistakes; it is not compiled.</summary>
internal static class DraftEndpoints
{
    private const int LongestTitle = 200;

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/drafts", Role.Viewer, "listDrafts", "Drafts by id, without their files.", ListAsync) { Answer = typeof(Page<DraftRowView>) },
        new("GET", "/api/drafts/{id}", Role.Viewer, "getDraft", "A draft with its files; its ETag is needed to save it.", FindAsync) { Answer = typeof(DraftView) },
        new("PUT", "/api/drafts/{id}", Role.Author, "putDraft", "Saves a draft: If-Match with the ETag that was read, or If-None-Match: * for a new one.", SaveAsync) { Answer = typeof(DraftView) },
        new("DELETE", "/api/drafts/{id}", Role.Author, "deleteDraft", "Deletes a draft: If-Match with the ETag that was read.", DeleteAsync) { Status = StatusCodes.Status204NoContent },
    ];

    private static async Task<IResult> ListAsync(Call call, DraftSystems systems, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        if (!Paging.TryLimit(limit, out var most)) return Problem.BadRequest(Paging.BadLimit);
        if (!Paging.TryRead(cursor, out var after)) return Problem.BadRequest(Paging.BadCursor);
        var rows = await call.Host.Settings.Drafts.ListAsync(call.Caller.Workspace, after, most + 1, cancellationToken).ConfigureAwait(false);
        var named = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var row in rows) named[row.Id] = await systems.OfAsync(call.Host.Settings.Drafts, row, cancellationToken).ConfigureAwait(false);
        return Results.Json(Paging.Of(rows, most, d => d.Id, d => DraftRowView.Of(d, named[d.Id])));
    }

    private static async Task<IResult> FindAsync(Call call, HttpContext context, string id, CancellationToken cancellationToken)
    {
        if (!Paging.IsName(id) || await call.Host.Settings.Drafts.FindAsync(call.Caller.Workspace, id, cancellationToken).ConfigureAwait(false) is not { } draft) return NotThere(id);
        context.Response.Headers.ETag = Revisions.Tag(draft.Revision);
        return Results.Json(DraftView.Of(draft));
    }

    private static async Task<IResult> SaveAsync(Call call, HttpContext context, string id, DraftBody body, CancellationToken cancellationToken)
    {
        if (!Paging.IsName(id)) return Problem.BadRequest(Paging.BadName(id));
        if (FlowEndpoints.FilesOf(body.Files, out var files) is { } problem) return Problem.BadRequest(problem);
        if (TemplateFiles.Problem(files) is { } unfit) return Problem.Unprocessable(unfit);
        if (body.Title is { } title && (title.Length > LongestTitle || title.Any(char.IsControl))) return Problem.Unprocessable($"A title is at most {LongestTitle} characters without control characters.");
        if (body.Template is not null && !Paging.IsName(body.Template)) return Problem.Unprocessable(Paging.BadName(body.Template));
        if (body.TemplateHash is { } hash && (hash.Length > 64 || !hash.All(char.IsAsciiHexDigitLower))) return Problem.Unprocessable("'templateHash' is a hash as templates tell it.");
        if (!Revisions.TryRead(context.Request, out var expected)) return Problem.SayRevision();
        var drafts = call.Host.Settings.Drafts;
        var before = expected is null ? null : await drafts.FindAsync(call.Caller.Workspace, id, cancellationToken).ConfigureAwait(false);
        var saved = await drafts.SaveAsync(
            new Draft
            {
                Workspace = call.Caller.Workspace, Id = id, Title = body.Title, Files = files, Template = body.Template, TemplateHash = body.TemplateHash, UpdatedAt = call.Now,
                UpdatedBy = call.Caller.Name,
            },
            expected,
            cancellationToken).ConfigureAwait(false);
        var now = await drafts.FindAsync(call.Caller.Workspace, id, cancellationToken).ConfigureAwait(false);
        if (!saved) return now is null ? Problem.NotFound($"There is no draft '{id}' any more. Save it as a new one with If-None-Match: *.") : ChangedBy(now);
        if (now is null) return NotThere(id);
        await call.AuditAsync("draft.save", id, before is null ? null : Told(before, files), Told(now, before?.Files)).ConfigureAwait(false);
        context.Response.Headers.ETag = Revisions.Tag(now.Revision);
        return Results.Json(DraftView.Of(now), statusCode: expected is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> DeleteAsync(Call call, HttpContext context, string id, CancellationToken cancellationToken)
    {
        if (!Paging.IsName(id)) return NotThere(id);
        if (!Revisions.TryRead(context.Request, out var expected) || expected is not { } revision) return Problem.SayRevision();
        if (await call.Host.Settings.Drafts.DeleteAsync(call.Caller.Workspace, id, revision, cancellationToken).ConfigureAwait(false))
        {
            await call.AuditAsync("draft.delete", id, new { revision }, null).ConfigureAwait(false);
            return Results.NoContent();
        }

        var now = await call.Host.Settings.Drafts.FindAsync(call.Caller.Workspace, id, cancellationToken).ConfigureAwait(false);
        return now is null ? NotThere(id) : ChangedBy(now);
    }

    /// <summary>A save for the audit: the files it touched by their content's hash. The content itself is in the draft and in the versions made of it.</summary>
    private static object Told(Draft draft, IReadOnlyList<StoredFile>? other)
    {
        var known = other?.ToDictionary(f => f.Path, f => f.Content, StringComparer.Ordinal) ?? [];
        return new
        {
            draft.Revision, draft.Title,
            files = draft.Files.Where(f => !known.TryGetValue(f.Path, out var same) || same != f.Content).ToDictionary(f => f.Path, f => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(f.Content)))[..16]),
        };
    }

    private static IResult NotThere(string id) => Problem.NotFound($"There is no draft '{id}'.");

    private static IResult ChangedBy(Draft now) =>
        Problem.Changed($"'{now.Id}' was saved by {now.UpdatedBy} meanwhile (revision {now.Revision}). Read it again, compare, and save over that revision.", now.UpdatedBy, now.UpdatedAt);
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace WorkflowEngine.Api;

/// <summary>The designer's built files at <c>/designer</c>. Its own paths fall back to its first page; where it was not built, a page says how.</summary>
internal static class DesignerFiles
{
    private const string Path = "/designer";

    /// <summary>Scripts and styles only of our own; React Aria sets style attributes.</summary>
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    public static void Use(WebApplication app, string? folder)
    {
        var files = folder is not null && File.Exists(System.IO.Path.Combine(folder, "index.html")) ? new PhysicalFileProvider(System.IO.Path.GetFullPath(folder)) : null;
        if (files is null)
        {
            app.MapGet(Path + "/{**rest}", () => Results.Content(Absent, "text/html; charset=utf-8", statusCode: StatusCodes.Status404NotFound)).ExcludeFromDescription();
            return;
        }

        var types = new FileExtensionContentTypeProvider();
        app.MapGet(Path + "/{**rest}", (HttpContext context, string? rest) => Answer(context, files, types, rest ?? "")).ExcludeFromDescription();
    }

    private static IResult Answer(HttpContext context, PhysicalFileProvider files, FileExtensionContentTypeProvider types, string rest)
    {
        // Names in the first page are relative to its folder.
        if (context.Request.Path == Path) return Results.Redirect(Path + "/" + context.Request.QueryString);
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var file = files.GetFileInfo(rest);
        if (rest.Length > 0 && file is { Exists: true, IsDirectory: false, PhysicalPath: { } physical })
        {
            // Names of built assets carry the hash of their content.
            context.Response.Headers.CacheControl = rest.StartsWith("assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
            var type = types.TryGetContentType(rest, out var known) ? known : "application/octet-stream";
            return Compressed(context, physical) is { } smaller ? Results.File(smaller, type, lastModified: file.LastModified) : Results.File(physical, type, lastModified: file.LastModified);
        }

        // A name with an ending is a file that is not there; all else is a page the designer draws itself.
        if (rest.StartsWith("assets/", StringComparison.Ordinal) || System.IO.Path.HasExtension(rest)) return Problem.NotFound($"The designer has no file {WebUtility.HtmlEncode(rest)}.");
        context.Response.Headers.CacheControl = "no-cache";
        return Results.File(files.GetFileInfo("index.html").PhysicalPath!, "text/html; charset=utf-8");
    }

    /// <summary>A copy that was compressed when the designer was built, if the browser takes it.</summary>
    private static string? Compressed(HttpContext context, string file)
    {
        string accepted = context.Request.Headers.AcceptEncoding.ToString();
        foreach (var (encoding, ending) in new[] { ("br", ".br"), ("gzip", ".gz") })
        {
            if (!accepted.Contains(encoding, StringComparison.OrdinalIgnoreCase) || !File.Exists(file + ending)) continue;
            context.Response.Headers.ContentEncoding = encoding;
            context.Response.Headers.Vary = "Accept-Encoding";
            return file + ending;
        }

        return null;
    }

    private const string Absent = """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Designer</title>
        <style>:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:4rem auto;max-width:40rem;padding:0 1rem}</style>
        <h1>The designer is not built here</h1>
        <p>The server runs; only the designer's files are missing. In a checkout: <code>npm ci</code> and <code>npm run build</code> in the folder <code>designer</code>, then start the server again. Everything else works without it: see <a href="/">the status page</a> and <a href="/scalar/v1">the API</a>.</p></html>
        """;
}

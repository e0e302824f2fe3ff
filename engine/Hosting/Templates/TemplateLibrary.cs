using System.Collections.Concurrent;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Hosting;

/// <summary>Templates of a workspace: those that ship with the program, those of the folder that is followed, those uploaded. Of one id the uploaded wins, then the folder's.</summary>
/// <param name="builtIn">The folder of the templates that ship with the program; null = none.</param>
/// <param name="folder">The workspace folder that is followed and the workspace it belongs to; null = none.</param>
/// <param name="store">Uploaded ones.</param>
/// <param name="catalog">The connectors installed.</param>
public sealed class TemplateLibrary(string? builtIn, (string Workspace, string Folder)? folder, TemplateStore store, IReadOnlyList<ConnectorDescriptor> catalog)
{
    /// <summary>Shortest part of a hash that may stand for it.</summary>
    public const int ShortestHash = 8;

    private readonly ConcurrentDictionary<(string Id, string Hash), FlowBundle> _compiled = new();

    /// <summary>The current content of every template, by id.</summary>
    public async Task<IReadOnlyList<Template>> ListAsync(string workspace, CancellationToken cancellationToken)
    {
        var result = new SortedDictionary<string, Template>(StringComparer.Ordinal);
        foreach (var template in Read(workspace)) result[template.Id] = template;
        foreach (var newest in (await store.ListAsync(workspace, null, cancellationToken).ConfigureAwait(false)).Where(v => v.CreatedBy != TemplateVersion.KeptBy).GroupBy(v => v.Template).Select(g => g.Last()))
        {
            if (await ReadAsync(workspace, newest.Template, newest.Hash, cancellationToken).ConfigureAwait(false) is { } template) result[template.Id] = template;
        }

        return [.. result.Values];
    }

    /// <summary>One content of a template; null when there is none.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The template.</param>
    /// <param name="version">A version text, a hash or its beginning; null = the current content.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Template?> FindAsync(string workspace, string id, string? version, CancellationToken cancellationToken)
    {
        var stored = await store.ListAsync(workspace, id, cancellationToken).ConfigureAwait(false);
        var there = Read(workspace).LastOrDefault(t => t.Id == id);
        if (version is null)
        {
            return stored.LastOrDefault(v => v.CreatedBy != TemplateVersion.KeptBy) is { } newest ? await ReadAsync(workspace, id, newest.Hash, cancellationToken).ConfigureAwait(false) : there;
        }

        if (there is not null && Is(version, there.Hash, there.Version)) return there;
        return stored.LastOrDefault(v => Is(version, v.Hash, v.Version)) is { } named ? await ReadAsync(workspace, id, named.Hash, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>Keeps the content a deployment runs, so that it can be gone back to when the folder or the program has moved on.</summary>
    public Task KeepAsync(string workspace, Template template, DateTimeOffset at, CancellationToken cancellationToken) => template.Origin == TemplateOrigin.Uploaded
        ? Task.CompletedTask
        : store.AddAsync(Stored(workspace, template, null, at, TemplateVersion.KeptBy), cancellationToken);

    /// <summary>Uploads: it is the current content then, whether it is new or was there as an older version.</summary>
    public Task<TemplateTake> AddAsync(string workspace, Template template, string? note, DateTimeOffset at, string by, CancellationToken cancellationToken) =>
        store.AddAsync(Stored(workspace, template, note, at, by), cancellationToken);

    public Task<IReadOnlyList<TemplateVersion>> VersionsAsync(string workspace, string id, CancellationToken cancellationToken) => store.ListAsync(workspace, id, cancellationToken);

    /// <summary>Files as a template, not stored.</summary>
    public Template Of(string id, TemplateOrigin origin, IReadOnlyList<StoredFile> files)
    {
        var hash = TemplateFiles.Hash(files);
        return new Template { Id = id, Origin = origin, Hash = hash, Files = files, Bundle = _compiled.GetOrAdd((id, hash), _ => TemplateFiles.Compile(id, files, catalog)) };
    }

    private static TemplateVersion Stored(string workspace, Template template, string? note, DateTimeOffset at, string by) => new()
    {
        Workspace = workspace, Template = template.Id, Hash = template.Hash, Version = template.Version, Title = template.Title, Files = template.Files, Note = note, CreatedAt = at,
        CreatedBy = by,
    };

    private static bool Is(string asked, string hash, string? version) =>
        asked == version || (asked.Length >= ShortestHash && asked.All(char.IsAsciiHexDigitLower) && hash.StartsWith(asked, StringComparison.Ordinal));

    private async Task<Template?> ReadAsync(string workspace, string id, string hash, CancellationToken cancellationToken) =>
        await store.FindAsync(workspace, id, hash, cancellationToken).ConfigureAwait(false) is { } version ? Of(id, TemplateOrigin.Uploaded, version.Files) : null;

    private IEnumerable<Template> Read(string workspace)
    {
        if (builtIn is not null)
        {
            foreach (var template in ReadFolder(builtIn, TemplateOrigin.BuiltIn)) yield return template;
        }

        if (folder is not { } followed || followed.Workspace != workspace) yield break;
        foreach (var template in ReadFolder(Path.Combine(followed.Folder, "flows"), TemplateOrigin.Workspace)) yield return template;
    }

    private IEnumerable<Template> ReadFolder(string root, TemplateOrigin origin)
    {
        if (!Directory.Exists(root)) yield break;
        foreach (var place in Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal))
        {
            if (ReadFiles(place) is not { Count: > 0 } files) continue;
            var template = Of(Path.GetFileName(place), origin, files);
            if (template.Bundle.Flows.Count > 0) yield return template with { Id = template.Bundle.Template?.Template.Value ?? template.Id };
        }
    }

    private static List<StoredFile>? ReadFiles(string place)
    {
        try
        {
            var files = new List<StoredFile>();
            foreach (var file in Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                if (Path.GetExtension(file) is not (".yaml" or ".yml" or ".json" or ".csv" or ".md") || new FileInfo(file).Length > WorkspaceFiles.LargestFile) continue;
                files.Add(new StoredFile(Path.GetRelativePath(place, file).Replace('\\', '/'), File.ReadAllText(file)));
            }

            return files;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder in the middle of being written: it is seen whole the next time.
            return null;
        }
    }
}

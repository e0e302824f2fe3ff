using Microsoft.EntityFrameworkCore;

namespace WorkflowEngine.Storage;

/// <summary>Templates by content: the same files twice are one version.</summary>
public sealed class TemplateStore
{
    private readonly StoreDatabase _database;

    internal TemplateStore(StoreDatabase database) => _database = database;

    /// <summary>Versions, oldest first, without their files; of one template, or of all (null).</summary>
    public async Task<IReadOnlyList<TemplateVersion>> ListAsync(string workspace, string? template, CancellationToken cancellationToken)
    {
        await using var context = _database.Open();
        var rows = context.TemplateVersions.AsNoTracking().Where(row => row.WorkspaceId == workspace);
        if (template is not null) rows = rows.Where(row => row.Template == template);
        var list = await rows.OrderBy(row => row.Template).ThenBy(row => row.Number).Select(row => new TemplateVersionRow
        {
            WorkspaceId = row.WorkspaceId, Template = row.Template, Hash = row.Hash, Number = row.Number, Version = row.Version, Title = row.Title, Note = row.Note,
            CreatedAt = row.CreatedAt, CreatedBy = row.CreatedBy,
        }).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. list.Select(row => Read(row, []))];
    }

    public async Task<TemplateVersion?> FindAsync(string workspace, string template, string hash, CancellationToken cancellationToken)
    {
        await using var context = _database.Open();
        var row = await context.TemplateVersions.AsNoTracking()
            .SingleOrDefaultAsync(version => version.WorkspaceId == workspace && version.Template == template && version.Hash == hash, cancellationToken).ConfigureAwait(false);
        return row is null ? null : Read(row, StoredFile.Read(row.Files));
    }

    /// <summary>
    /// Adds a version. Content that is there already, but not as the newest that anybody handed in, is the newest again: its number, note, time and author are those of now. What is only kept
    /// (<see cref="TemplateVersion.KeptBy"/>) never becomes it.
    /// </summary>
    public async Task<TemplateTake> AddAsync(TemplateVersion version, CancellationToken cancellationToken)
    {
        var taken = TemplateTake.Unchanged;
        await _database.AloneAsync(
            async context =>
            {
                var rows = context.TemplateVersions.Where(row => row.WorkspaceId == version.Workspace && row.Template == version.Template);
                var there = await rows.SingleOrDefaultAsync(row => row.Hash == version.Hash, cancellationToken).ConfigureAwait(false);
                if (there is not null && version.CreatedBy == TemplateVersion.KeptBy) return;
                var newest = await rows.Where(row => row.CreatedBy != TemplateVersion.KeptBy).MaxAsync(row => (int?)row.Number, cancellationToken).ConfigureAwait(false);
                if (there is not null && there.Number == newest) return;
                var last = await rows.MaxAsync(row => (int?)row.Number, cancellationToken).ConfigureAwait(false) ?? 0;
                if (there is not null)
                {
                    (there.Number, there.Note, there.CreatedAt, there.CreatedBy) = (last + 1, version.Note, version.CreatedAt, version.CreatedBy);
                }
                else
                {
                    context.TemplateVersions.Add(new TemplateVersionRow
                    {
                        WorkspaceId = version.Workspace, Template = version.Template, Hash = version.Hash, Number = last + 1, Version = version.Version, Title = version.Title,
                        Files = StoredFile.Write(version.Files), Note = version.Note, CreatedAt = version.CreatedAt, CreatedBy = version.CreatedBy,
                    });
                }

                await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                taken = there is null ? TemplateTake.Added : TemplateTake.Again;
            },
            cancellationToken).ConfigureAwait(false);
        return taken;
    }

    private static TemplateVersion Read(TemplateVersionRow row, IReadOnlyList<StoredFile> files) => new()
    {
        Workspace = row.WorkspaceId, Template = row.Template, Hash = row.Hash, Number = row.Number, Version = row.Version, Title = row.Title, Files = files, Note = row.Note,
        CreatedAt = row.CreatedAt, CreatedBy = row.CreatedBy,
    };
}

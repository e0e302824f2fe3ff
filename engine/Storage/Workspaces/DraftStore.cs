using Microsoft.EntityFrameworkCore;

namespace WorkflowEngine.Storage;

/// <summary>Drafts, with optimistic concurrency: who saves says which revision was read.</summary>
public sealed class DraftStore
{
    private readonly StoreDatabase _database;

    internal DraftStore(StoreDatabase database) => _database = database;

    /// <summary>All of a workspace by id, without their files.</summary>
    public async Task<IReadOnlyList<Draft>> ListAsync(string workspace, string? after, int limit, CancellationToken cancellationToken)
    {
        await using var context = _database.Open();
        var rows = context.Drafts.AsNoTracking().Where(row => row.WorkspaceId == workspace);
        if (after is not null) rows = rows.Where(row => string.Compare(row.Id, after) > 0);
        var page = await rows.OrderBy(row => row.Id).Take(limit).Select(row => new DraftRow
        {
            WorkspaceId = row.WorkspaceId, Id = row.Id, Title = row.Title, Template = row.Template, TemplateHash = row.TemplateHash, Revision = row.Revision,
            CreatedAt = row.CreatedAt, UpdatedAt = row.UpdatedAt, UpdatedBy = row.UpdatedBy,
        }).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. page.Select(row => Read(row, []))];
    }

    public async Task<Draft?> FindAsync(string workspace, string id, CancellationToken cancellationToken)
    {
        await using var context = _database.Open();
        var row = await context.Drafts.AsNoTracking().SingleOrDefaultAsync(draft => draft.WorkspaceId == workspace && draft.Id == id, cancellationToken).ConfigureAwait(false);
        return row is null ? null : Read(row, StoredFile.Read(row.Files));
    }

    /// <summary>Saves; false when the stored revision is another than the expected one. <see cref="Draft.Revision"/> and <see cref="Draft.CreatedAt"/> are the store's.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="expected">The revision that was read; null = it must not exist yet.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<bool> SaveAsync(Draft draft, long? expected, CancellationToken cancellationToken)
    {
        var saved = false;
        await _database.AloneAsync(
            async context =>
            {
                var files = StoredFile.Write(draft.Files);
                if (expected is { } revision)
                {
                    saved = await context.Drafts.Where(row => row.WorkspaceId == draft.Workspace && row.Id == draft.Id && row.Revision == revision).ExecuteUpdateAsync(
                        set => set.SetProperty(row => row.Title, draft.Title).SetProperty(row => row.Files, files).SetProperty(row => row.Template, draft.Template)
                            .SetProperty(row => row.TemplateHash, draft.TemplateHash).SetProperty(row => row.Revision, revision + 1)
                            .SetProperty(row => row.UpdatedAt, draft.UpdatedAt).SetProperty(row => row.UpdatedBy, draft.UpdatedBy),
                        cancellationToken).ConfigureAwait(false) == 1;
                    return;
                }

                if (await context.Drafts.AnyAsync(row => row.WorkspaceId == draft.Workspace && row.Id == draft.Id, cancellationToken).ConfigureAwait(false)) return;
                context.Drafts.Add(new DraftRow
                {
                    WorkspaceId = draft.Workspace, Id = draft.Id, Title = draft.Title, Files = files, Template = draft.Template, TemplateHash = draft.TemplateHash, Revision = 1,
                    CreatedAt = draft.UpdatedAt, UpdatedAt = draft.UpdatedAt, UpdatedBy = draft.UpdatedBy,
                });
                await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                saved = true;
            },
            cancellationToken).ConfigureAwait(false);
        return saved;
    }

    /// <summary>Deletes; false when the stored revision is another or there is none.</summary>
    public async Task<bool> DeleteAsync(string workspace, string id, long expected, CancellationToken cancellationToken)
    {
        var deleted = false;
        await _database.AloneAsync(
            async context => deleted = await context.Drafts.Where(row => row.WorkspaceId == workspace && row.Id == id && row.Revision == expected)
                .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false) == 1,
            cancellationToken).ConfigureAwait(false);
        return deleted;
    }

    private static Draft Read(DraftRow row, IReadOnlyList<StoredFile> files) => new()
    {
        Workspace = row.WorkspaceId, Id = row.Id, Title = row.Title, Files = files, Template = row.Template, TemplateHash = row.TemplateHash, Revision = row.Revision,
        CreatedAt = row.CreatedAt, UpdatedAt = row.UpdatedAt, UpdatedBy = row.UpdatedBy,
    };
}

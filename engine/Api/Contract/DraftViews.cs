using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>What a draft is to be.</summary>
public sealed record DraftBody(string? Title, string? Template, string? TemplateHash, IReadOnlyList<FileView>? Files);

/// <summary>A draft without its files.</summary>
public sealed record DraftRowView(
    string Id, string? Title, string? Template, string? TemplateHash, long Revision, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string UpdatedBy)
{
    internal static DraftRowView Of(Draft d) => new(d.Id, d.Title, d.Template, d.TemplateHash, d.Revision, d.CreatedAt, d.UpdatedAt, d.UpdatedBy);
}

/// <summary>A draft.</summary>
public sealed record DraftView(
    string Id, string? Title, string? Template, string? TemplateHash, long Revision, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string UpdatedBy, IReadOnlyList<FileView> Files)
{
    internal static DraftView Of(Draft d) =>
        new(d.Id, d.Title, d.Template, d.TemplateHash, d.Revision, d.CreatedAt, d.UpdatedAt, d.UpdatedBy, [.. d.Files.Select(f => new FileView(f.Path, f.Content))]);
}

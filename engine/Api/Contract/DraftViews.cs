using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>What a draft is to be.</summary>
public sealed record DraftBody(string? Title, string? Template, string? TemplateHash, IReadOnlyList<FileView>? Files);

/// <summary>A draft without its files.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Title">For people.</param>
/// <param name="Template">The template it began from.</param>
/// <param name="TemplateHash">The content of that template.</param>
/// <param name="Revision">Counts the saves.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was saved last.</param>
/// <param name="UpdatedBy">By whom.</param>
/// <param name="Connections">Logical name → connector, as its text names them.</param>
public sealed record DraftRowView(
    string Id, string? Title, string? Template, string? TemplateHash, long Revision, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string UpdatedBy, IReadOnlyDictionary<string, string> Connections)
{
    internal static DraftRowView Of(Draft d, IReadOnlyDictionary<string, string> connections) => new(d.Id, d.Title, d.Template, d.TemplateHash, d.Revision, d.CreatedAt, d.UpdatedAt, d.UpdatedBy, connections);
}

/// <summary>A draft.</summary>
public sealed record DraftView(
    string Id, string? Title, string? Template, string? TemplateHash, long Revision, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string UpdatedBy, IReadOnlyList<FileView> Files)
{
    internal static DraftView Of(Draft d) =>
        new(d.Id, d.Title, d.Template, d.TemplateHash, d.Revision, d.CreatedAt, d.UpdatedAt, d.UpdatedBy, [.. d.Files.Select(f => new FileView(f.Path, f.Content))]);
}

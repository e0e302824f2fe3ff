namespace WorkflowEngine.Storage;

/// <summary>A template being edited.</summary>
public sealed record Draft
{
    public required string Workspace { get; init; }

    public required string Id { get; init; }

    public string? Title { get; init; }

    /// <summary>Left out (empty) where drafts are listed.</summary>
    public IReadOnlyList<StoredFile> Files { get; init; } = [];

    /// <summary>The template it began from; null = from nothing.</summary>
    public string? Template { get; init; }

    /// <summary>The content of that template it began from.</summary>
    public string? TemplateHash { get; init; }

    /// <summary>Counts the saves, from 1.</summary>
    public long Revision { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public required string UpdatedBy { get; init; }
}

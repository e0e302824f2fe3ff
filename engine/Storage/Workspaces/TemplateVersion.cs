namespace WorkflowEngine.Storage;

/// <summary>One content of a template; never changes.</summary>
public sealed record TemplateVersion
{
    public required string Workspace { get; init; }

    public required string Template { get; init; }

    /// <summary>Hash of its files.</summary>
    public required string Hash { get; init; }

    /// <summary>Counts the template's contents in this workspace, from 1; given by the store.</summary>
    public int Number { get; init; }

    /// <summary>The version its author wrote; null = none.</summary>
    public string? Version { get; init; }

    public string? Title { get; init; }

    /// <summary>Left out (empty) where versions are listed.</summary>
    public IReadOnlyList<StoredFile> Files { get; init; } = [];

    public string? Note { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }
}

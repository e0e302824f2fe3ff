namespace WorkflowEngine.Storage;

/// <summary>One content of a template. The content never changes; handed in again after others, it is the newest again.</summary>
public sealed record TemplateVersion
{
    /// <summary>Who kept what nobody handed in: the engine itself.</summary>
    public const string KeptBy = "(engine)";

    public required string Workspace { get; init; }

    public required string Template { get; init; }

    /// <summary>Hash of its files.</summary>
    public required string Hash { get; init; }

    /// <summary>Orders the template's contents in this workspace, the newest the highest; given by the store.</summary>
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

using WorkflowEngine.Storage;

namespace WorkflowEngine.Hosting;

/// <summary>One content of a template, compiled.</summary>
public sealed record Template
{
    public required string Id { get; init; }

    public required TemplateOrigin Origin { get; init; }

    /// <summary>Hash of the files: the name of this content.</summary>
    public required string Hash { get; init; }

    public required IReadOnlyList<StoredFile> Files { get; init; }

    /// <summary>Its flows with their findings.</summary>
    public required FlowBundle Bundle { get; init; }

    public string? Title => Bundle.Template?.Title?.Value ?? (Bundle.Flows.Count == 1 ? Bundle.Flows[0].Definition.Title?.Value : null);

    public string? Version => Bundle.Template?.Version?.Value ?? Bundle.Flows.Select(f => f.Definition.Version?.Value).FirstOrDefault(v => v is not null);
}

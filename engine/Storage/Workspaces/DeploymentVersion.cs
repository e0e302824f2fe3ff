namespace WorkflowEngine.Storage;

/// <summary>What a deployment was told to be at one time. The newest is in force; a roll-back adds one.</summary>
public sealed record DeploymentVersion
{
    public required string Workspace { get; init; }

    public required string Name { get; init; }

    /// <summary>From 1; given by the store.</summary>
    public int Number { get; init; }

    public required string Template { get; init; }

    public required string TemplateHash { get; init; }

    /// <summary>The request as JSON: connections, parameters, tables, names, overlay, since. Holds no secret.</summary>
    public required string Specification { get; init; }

    public string? Note { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }
}

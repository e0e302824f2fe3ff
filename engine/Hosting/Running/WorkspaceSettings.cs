using WorkflowEngine.Storage;

namespace WorkflowEngine.Hosting;

/// <summary>The stores of what workspaces are told to be.</summary>
public sealed record WorkspaceSettings
{
    public required DraftStore Drafts { get; init; }

    public required TemplateStore Templates { get; init; }

    public required ConnectionStore Connections { get; init; }

    public required DeploymentVersionStore DeploymentVersions { get; init; }

    public required HookTokenStore HookTokens { get; init; }

    public required AccessKeyStore AccessKeys { get; init; }

    public required AuditStore Audit { get; init; }
}

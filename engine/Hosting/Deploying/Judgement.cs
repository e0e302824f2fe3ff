using WorkflowEngine.Definitions;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Hosting;

/// <summary>A deployment as it was asked for, judged; nothing is changed by it.</summary>
public sealed record Judgement
{
    public required string Name { get; init; }

    /// <summary>The template's content; null when it was not found.</summary>
    public Template? Template { get; init; }

    /// <summary>The request in its normal form.</summary>
    public required string Specification { get; init; }

    /// <summary>Mistakes and warnings of request and template; errors refuse it.</summary>
    public IReadOnlyList<Diagnostic> Findings { get; init; } = [];

    /// <summary>Connections that cannot be opened, what orgs lack, other realms: one sentence each; any refuses it.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Connections that would be bound to another realm than before: memory begins empty, so it must be confirmed.</summary>
    public IReadOnlyList<string> OtherRealms { get; init; } = [];

    /// <summary>What it shares with other deployments and nobody has said that it is meant; each is a warning among the findings too.</summary>
    public IReadOnlyList<SharedFields> Shared { get; init; } = [];

    public IReadOnlyList<PlannedDeployment> Planned { get; init; } = [];

    /// <summary>The version in force; null = it is new.</summary>
    public DeploymentVersion? Current { get; init; }

    /// <summary>The request says which state it shall have.</summary>
    public bool SaysState { get; init; }

    public bool Refused => Findings.Any(f => f.IsError) || Problems.Count > 0;

    /// <summary>It is in force already. The version was answered by the content, so how it was named does not count.</summary>
    public bool Same => Current is { } current && current.TemplateHash == Template?.Hash
        && DeploymentRequest.WithoutVersion(current.Specification) == DeploymentRequest.WithoutVersion(Specification);
}

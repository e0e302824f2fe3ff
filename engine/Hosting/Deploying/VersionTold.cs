using WorkflowEngine.Storage;

namespace WorkflowEngine.Hosting;

/// <summary>What tells one version of a deployment from any other. Its number alone does not: a deployment that is taken away and made again begins with 1.</summary>
internal sealed record VersionTold(int Number, string TemplateHash, string Specification)
{
    public static VersionTold Of(DeploymentVersion version) => new(version.Number, version.TemplateHash, version.Specification);
}

namespace WorkflowEngine.Hosting;

/// <summary>Fields that deployments share: two write them, or their writes begin each other's runs.</summary>
/// <param name="Deployments">Two writers; for a cycle the way round, the first one again at its end.</param>
/// <param name="Fields">As <c>Entity.Field</c>, in the org's names.</param>
/// <param name="Cycle">Each one's writes begin runs of the next one.</param>
internal sealed record SharedFields(IReadOnlyList<string> Deployments, IReadOnlyList<string> Fields, bool Cycle);

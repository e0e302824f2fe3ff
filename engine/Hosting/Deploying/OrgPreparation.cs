namespace WorkflowEngine.Hosting;

/// <summary>What became of the wish to prepare orgs for a deployment.</summary>
/// <param name="Made">Fields that are there now and were not before, as <c>connection: Entity.Field</c>.</param>
/// <param name="Problems">What could not be made or granted, one sentence each.</param>
/// <param name="Gaps">What is missing still.</param>
public sealed record OrgPreparation(IReadOnlyList<string> Made, IReadOnlyList<string> Problems, IReadOnlyList<OrgGap> Gaps);

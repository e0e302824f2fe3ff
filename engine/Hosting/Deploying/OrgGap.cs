using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>What an org lacks of what a deployment's flows require.</summary>
/// <param name="Connection">The connection to the org.</param>
/// <param name="Gap">What is missing.</param>
public sealed record OrgGap(string Connection, SetupGap Gap);

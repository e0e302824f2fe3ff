namespace WorkflowEngine.Runtime;

/// <summary>One deployment of one workspace. Everything that is remembered hangs on it, never on names.</summary>
public readonly record struct DeploymentRef(string Workspace, Guid Id);

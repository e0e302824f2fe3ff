namespace WorkflowEngine.Api;

/// <summary>Who calls: of one workspace, with one role.</summary>
/// <param name="Workspace">The workspace; nothing outside it can be reached.</param>
/// <param name="Name">For the audit: a key's name, a person, or <c>local</c>.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Credential">What the rate is counted by.</param>
public sealed record Caller(string Workspace, string Name, Role Role, string Credential);

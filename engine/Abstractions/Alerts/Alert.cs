namespace WorkflowEngine.Abstractions;

/// <summary>What changed about the incidents of a workspace since the last alert.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="At">When it was seen.</param>
/// <param name="Opened">What began.</param>
/// <param name="Recovered">What ended.</param>
public sealed record Alert(string Workspace, DateTimeOffset At, IReadOnlyList<AlertLine> Opened, IReadOnlyList<AlertLine> Recovered);

/// <summary>One incident of an alert.</summary>
/// <param name="Deployment">The deployment's name; null when it belongs to none.</param>
/// <param name="Message">What happens, in a sentence.</param>
/// <param name="Count">How often it was seen so far.</param>
/// <param name="Since">When it was first seen.</param>
public sealed record AlertLine(string? Deployment, string Message, long Count, DateTimeOffset Since);

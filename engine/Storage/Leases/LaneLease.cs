namespace WorkflowEngine.Storage;

/// <summary>Who owns a lane.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="Owner">The node; null = it was given back, or nobody had it yet.</param>
/// <param name="Token">The fencing token: one more with each owner.</param>
public sealed record LaneLease(int Lane, string? Owner, long Token);

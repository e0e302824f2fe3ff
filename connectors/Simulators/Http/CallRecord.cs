namespace WorkflowEngine.Simulators.Http;

/// <summary>One call as it was answered. <see cref="Ending"/> is <c>reset</c> or <c>held</c> when no answer was sent.</summary>
public sealed record CallRecord(DateTimeOffset At, string Kind, string Method, string Path, int Status, string? Ending, int Rows);

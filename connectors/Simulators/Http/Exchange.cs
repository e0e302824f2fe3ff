namespace WorkflowEngine.Simulators.Http;

/// <summary>How a call ends: with an answer, with the connection reset, or held until the client leaves.</summary>
internal sealed record Exchange(Answer? Answer, bool Hold, int? HoldMs, Action? AfterSending)
{
    public static Exchange Reset { get; } = new(null, false, null, null);
}

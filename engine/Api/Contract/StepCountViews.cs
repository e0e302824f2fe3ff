namespace WorkflowEngine.Api;

/// <summary>What the steps of a deployment did of late.</summary>
/// <param name="Since">Runs that ended since then are counted.</param>
/// <param name="Runs">Runs that were looked at.</param>
/// <param name="More">There were more: only the newest are counted.</param>
/// <param name="Steps">Steps that told something, in the order of their lines.</param>
public sealed record StepCountsView(DateTimeOffset Since, int Runs, bool More, IReadOnlyList<StepCountView> Steps);

/// <summary>One step.</summary>
/// <param name="Step">Its name.</param>
/// <param name="Path">The flow file.</param>
/// <param name="Line">Its line in the newest run that reached it.</param>
/// <param name="Runs">Runs that reached it.</param>
/// <param name="Failed">Runs in which it failed, also where a later attempt went through.</param>
/// <param name="Wrote">Records it created, changed or deleted.</param>
/// <param name="P50">Milliseconds it took in the middle one of the runs, waits for calls among them; null where that was not kept.</param>
public sealed record StepCountView(string Step, string? Path, int? Line, int Runs, int Failed, int Wrote, long? P50);

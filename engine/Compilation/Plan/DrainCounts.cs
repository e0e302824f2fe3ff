namespace WorkflowEngine.Compilation.Plan;

/// <summary>What a schedule with <c>after: drained</c> is told: how the events that were drained ended. The names stand in flows.</summary>
public static class DrainCounts
{
    /// <summary>Since when is counted: the time of the tick before, at first that of the deployment.</summary>
    public const string Since = "since";

    /// <summary>Events that the sources brought; the sum of the six kinds of end.</summary>
    public const string Events = "events";

    public const string Succeeded = "succeeded";

    public const string Stopped = "stopped";

    public const string Filtered = "filtered";

    public const string Unchanged = "unchanged";

    public const string Superseded = "superseded";

    /// <summary>Those that became dead letters, also those for which no key could be made.</summary>
    public const string Failed = "failed";

    /// <summary>Runs that were handed over by <c>start</c> and ended meanwhile.</summary>
    public const string HandedOver = "handedOver";

    public const string HandedOverFailed = "handedOverFailed";

    /// <summary>The names that are counts.</summary>
    public static IReadOnlyList<string> Numbers { get; } = [Events, Succeeded, Stopped, Filtered, Unchanged, Superseded, Failed, HandedOver, HandedOverFailed];
}

namespace WorkflowEngine.Abstractions;

/// <summary>Who goes first when a realm's budget is short. Lower is sooner.</summary>
public enum CallPriority
{
    /// <summary>Live events.</summary>
    Live = 0,

    /// <summary>Durable retries.</summary>
    Retry = 1,

    /// <summary>Backfills.</summary>
    Backfill = 2,
}

namespace WorkflowEngine.Runtime;

/// <summary>How a realm's budget stands.</summary>
/// <param name="Realm">The realm.</param>
/// <param name="PerSecond">Calls a second; null = no such limit.</param>
/// <param name="PerDay">Calls in 24 hours, by the vendor's word where it told; null = no such limit.</param>
/// <param name="Reserve">Calls of <paramref name="PerDay"/> that are left to others.</param>
/// <param name="Live">Our calls for live work in 24 hours.</param>
/// <param name="Retry">Our calls for retries.</param>
/// <param name="Backfill">Our calls for backfills.</param>
/// <param name="Foreign">Calls of others in 24 hours.</param>
/// <param name="BackfillPerHour">Calls an hour that a backfill may take now; null = as many as the second allows.</param>
/// <param name="PausedUntil">Until when the vendor asked for quiet; null = it did not.</param>
public sealed record BudgetView(
    string Realm, double? PerSecond, long? PerDay, long Reserve, long Live, long Retry, long Backfill, long Foreign, double? BackfillPerHour, DateTimeOffset? PausedUntil);

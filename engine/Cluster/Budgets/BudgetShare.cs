namespace WorkflowEngine.Cluster;

/// <summary>A node's part of a realm's budget, good for a few seconds.</summary>
/// <param name="Part">Of the limit of the second: 0 to 1. The parts of all nodes together are never more than 1.</param>
/// <param name="Live">Calls of live work that the other nodes made in 24 hours.</param>
/// <param name="Retry">Their calls for retries.</param>
/// <param name="Backfill">Their calls for backfills.</param>
[GenerateSerializer, Immutable]
public sealed record BudgetShare([property: Id(0)] double Part, [property: Id(1)] long Live, [property: Id(2)] long Retry, [property: Id(3)] long Backfill);

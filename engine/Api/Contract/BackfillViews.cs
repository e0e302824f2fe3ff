using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>Records handed in beside live events.</summary>
public sealed record BackfillView
{
    public required string Id { get; init; }

    public required string Deployment { get; init; }

    public required string Trigger { get; init; }

    public required string Entity { get; init; }

    /// <summary><c>feed</c>, <c>query</c> or <c>list</c>.</summary>
    public required string By { get; init; }

    public DateTimeOffset? From { get; init; }

    /// <summary><c>reading</c>, <c>running</c>, <c>done</c>, <c>cancelled</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>How many records there are, where the vendor can say.</summary>
    public long? Total { get; init; }

    public required long Read { get; init; }

    /// <summary>Events it made; what was known already is not accepted again.</summary>
    public required long Accepted { get; init; }

    /// <summary>Its events that have not run yet.</summary>
    public required long Waiting { get; init; }

    /// <summary>When it is likely to be done; null = not known (yet).</summary>
    public DateTimeOffset? Eta { get; init; }

    /// <summary>Why it does not go on now, or ended.</summary>
    public string? Problem { get; init; }

    public required string StartedBy { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    internal static BackfillView Of(BackfillProgress progress, DeploymentNames names)
    {
        var b = progress.Backfill;
        return new BackfillView
        {
            Id = b.Id, Deployment = names.NameOf(b.Deployment.Id), Trigger = b.Trigger, Entity = b.Entity, By = Words.Of(b.By), From = b.From, State = Words.Of(b.State), Total = b.Total, Read = b.Read,
            Accepted = b.Accepted, Waiting = progress.Waiting, Eta = progress.Eta, Problem = b.Problem, StartedBy = b.StartedBy, StartedAt = b.StartedAt, EndedAt = b.EndedAt,
        };
    }
}

/// <summary>What to hand in.</summary>
/// <param name="Flow">Of a deployment with several flows: which.</param>
/// <param name="Trigger">Of a flow with several triggers that read records: which; null = the first.</param>
/// <param name="By"><c>feed</c> (the default), <c>query</c>, or <c>list</c> (the default with records).</param>
/// <param name="From">Only what changed since then.</param>
/// <param name="Records">For a list: ids.</param>
public sealed record BackfillBody(string? Flow, string? Trigger, string? By, DateTimeOffset? From, IReadOnlyList<string>? Records);

/// <summary>How a realm's budget stands: calls of 24 hours.</summary>
/// <param name="Realm">The realm.</param>
/// <param name="Connections">Connections of this workspace that share it.</param>
/// <param name="PerSecond">Calls a second; null = no such limit.</param>
/// <param name="PerDay">Calls in 24 hours; null = no such limit.</param>
/// <param name="Reserve">Calls that are left to others.</param>
/// <param name="Live">Ours for live work.</param>
/// <param name="Retry">Ours for retries.</param>
/// <param name="Backfill">Ours for backfills.</param>
/// <param name="Foreign">Those of others.</param>
/// <param name="BackfillPerHour">What a backfill may take an hour now.</param>
/// <param name="PausedUntil">Until when the vendor asked for quiet.</param>
public sealed record BudgetEntry(
    string Realm, IReadOnlyList<string> Connections, double? PerSecond, long? PerDay, long Reserve, long Live, long Retry, long Backfill, long Foreign, long? BackfillPerHour, DateTimeOffset? PausedUntil);

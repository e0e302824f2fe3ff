namespace WorkflowEngine.Runtime;

/// <summary>Reads of finished runs and of what waits.</summary>
public interface IRunStore
{
    Task<IReadOnlyList<RunRow>> ListAsync(RunFilter filter, CancellationToken cancellationToken);

    Task<RunRow?> FindAsync(string workspace, string id, CancellationToken cancellationToken);

    /// <summary>The run's own part of its journal block, decompressed; null when retention dropped it.</summary>
    Task<byte[]?> ReadJournalAsync(string workspace, string runId, CancellationToken cancellationToken);

    Task<IReadOnlyList<EffectRow>> EffectsOfRunAsync(string workspace, string runId, CancellationToken cancellationToken);

    /// <summary>Effects on one record, newest first.</summary>
    Task<IReadOnlyList<EffectRow>> EffectsOfRecordAsync(string workspace, string realm, string entity, string recordId, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// By deployment how many runs ended how, since then or (null) of all that are kept. Who asks again soon may be told what was counted a moment ago: counting a long history takes a while.
    /// </summary>
    Task<IReadOnlyDictionary<Guid, IReadOnlyDictionary<RunOutcome, long>>> CountAllAsync(string workspace, DateTimeOffset? since, CancellationToken cancellationToken);

    /// <summary>
    /// How the events of one trigger ended after one time and up to another, but for backfills and replays; one for which no key could be made has failed.
    /// </summary>
    Task<IReadOnlyDictionary<RunOutcome, long>> CountEndedAsync(DeploymentRef deployment, string trigger, DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken);
}

/// <summary>Which runs are wanted; newest first.</summary>
public sealed record RunFilter
{
    public required string Workspace { get; init; }

    public Guid? Deployment { get; init; }

    /// <summary>Only of these; null = of all.</summary>
    public IReadOnlyList<Guid>? Deployments { get; init; }

    public RunOutcome? Outcome { get; init; }

    public string? Key { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>Only runs older than this id: the cursor of paging.</summary>
    public string? Before { get; init; }

    public int Limit { get; init; } = 50;
}

namespace WorkflowEngine.Runtime.Tests.Batching;

/// <summary>Stands for the group commit: keeps the sets of each transaction; a test may let some of them conflict.</summary>
internal sealed class RecordingCommit : IGroupCommit
{
    public List<IReadOnlyList<ChangeSet>> Transactions { get; } = [];

    public Func<ChangeSet, IReadOnlyList<LinkRow>> Conflicts { get; set; } = _ => [];

    public async Task<ChangeSetResult> CommitAsync(CommitQueue queue, ChangeSet set) => (await CommitAllAsync(queue, [set]))[0];

    public Task<IReadOnlyList<ChangeSetResult>> CommitAllAsync(CommitQueue queue, IReadOnlyList<ChangeSet> sets)
    {
        lock (Transactions) Transactions.Add(sets);
        return Task.FromResult<IReadOnlyList<ChangeSetResult>>([.. sets.Select(s => new ChangeSetResult { Conflicts = Conflicts(s) })]);
    }
}

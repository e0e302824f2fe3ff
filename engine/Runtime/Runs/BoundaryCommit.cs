namespace WorkflowEngine.Runtime;

/// <summary>Tells the boundary when a flush's intents are durable and its call has not left.</summary>
internal sealed class BoundaryCommit(IGroupCommit inner, IEffectBoundary boundary) : IGroupCommit
{
    public int IntakeWaiting => inner.IntakeWaiting;

    public bool IntakeBusy => inner.IntakeBusy;

    public event Action? IntakeQuiet
    {
        add => inner.IntakeQuiet += value;
        remove => inner.IntakeQuiet -= value;
    }

    public Task<ChangeSetResult> CommitAsync(CommitQueue queue, ChangeSet set) => inner.CommitAsync(queue, set);

    public Task<ChangeSetResult> NoteAsync(ChangeSet set) => inner.NoteAsync(set);

    public async Task<IReadOnlyList<ChangeSetResult>> CommitAllAsync(CommitQueue queue, IReadOnlyList<ChangeSet> sets)
    {
        var results = await inner.CommitAllAsync(queue, sets).ConfigureAwait(false);
        for (var i = 0; i < sets.Count; i++)
        {
            if (results[i] is { Conflicts.Count: 0, Fenced: false }) boundary.Reached(EffectMoment.AfterCommit, "", "");
        }

        return results;
    }
}

namespace WorkflowEngine.Runtime;

/// <summary>Tells the boundary before and after each transaction that changes more than what is looked up again anyway. For crash tests; stands around the store's writer.</summary>
public sealed class BoundaryWriter(IStoreWriter inner, IEffectBoundary boundary) : IStoreWriter
{
    public async Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
    {
        var counts = sets.Any(s => s.Changes.Any(Counts));
        if (counts) boundary.Reached(EffectMoment.BeforeDurable, "", "");
        var results = await inner.CommitAsync(sets, cancellationToken).ConfigureAwait(false);
        if (counts) boundary.Reached(EffectMoment.AfterDurable, "", "");
        return results;
    }

    public void Prepare(ChangeSet set) => inner.Prepare(set);

    /// <summary>A source with nothing new stores where it stands, for ever: such a moment is no boundary of the work.</summary>
    private static bool Counts(StoreChange change) => change is not (SaveCursor or MarkClaimed or AppendJournal);
}

namespace WorkflowEngine.Runtime;

/// <summary>Tells the store which events are in flight, so that a death is seen.</summary>
internal static class ClaimNote
{
    /// <summary>
    /// Ends when the store knows of the claim. Only a write that no checkpoint stands before waits for it: where each has one, the claim goes along with what is stored next, in the same queue and so
    /// never behind the checkpoint.
    /// </summary>
    public static Task Write(IGroupCommit commit, ActiveDeployment deployment, IReadOnlyList<long> events)
    {
        var claim = new ChangeSet([new MarkClaimed(events)]);
        var noted = deployment.Flow.Restartable ? commit.CommitAsync(CommitQueue.Settlement, claim) : commit.NoteAsync(claim);
        _ = noted.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return noted;
    }
}

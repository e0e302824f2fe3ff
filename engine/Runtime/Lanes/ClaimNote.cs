namespace WorkflowEngine.Runtime;

/// <summary>Tells the store which events are in flight, so that a death is seen.</summary>
internal static class ClaimNote
{
    /// <summary>Ends when a write of such a run may leave: at once where a checkpoint stands before each write, else when the store knows of the claim.</summary>
    public static Task Write(IGroupCommit commit, ActiveDeployment deployment, IReadOnlyList<long> events)
    {
        var claim = new ChangeSet([new MarkClaimed(events)]);
        if (!deployment.Flow.Restartable)
        {
            commit.Note(claim);
            return Task.CompletedTask;
        }

        var noted = commit.CommitAsync(CommitQueue.Settlement, claim);
        _ = noted.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return noted;
    }
}

namespace WorkflowEngine.Runtime;

/// <summary>Where people see what waits for them and decide it. The first decision counts.</summary>
public sealed class ReviewBook(IReviewStore store, IInboxStore inbox, IGroupCommit commit, LaneSignal signal, TimeProvider time)
{
    public Task<IReadOnlyList<Review>> ListAsync(ReviewFilter filter, CancellationToken cancellationToken) => store.ListAsync(filter, cancellationToken);

    public Task<Review?> FindAsync(string workspace, string id, CancellationToken cancellationToken) => store.FindAsync(workspace, id, cancellationToken);

    /// <summary>Decides a review; the run that waits for it goes on.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The review.</param>
    /// <param name="decision">What was decided; must fit the kind.</param>
    /// <param name="recordId">For <see cref="ReviewDecision.Use"/>: one of the candidates.</param>
    /// <param name="comment">For whoever reads it later.</param>
    /// <param name="by">Who decided.</param>
    /// <param name="cancellationToken">Cancels before anything is stored.</param>
    public async Task<ReviewAnswer> DecideAsync(
        string workspace, string id, ReviewDecision decision, string? recordId, string? comment, string by, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(workspace, id, cancellationToken).ConfigureAwait(false) is not { } review) return new ReviewAnswer(null, "There is no such review.");
        if (!review.IsOpen) return new ReviewAnswer(review, $"It was decided by {review.DecidedBy} already.");
        if (!Fits(review.Asked.Kind, decision)) return new ReviewAnswer(review, $"A review of the kind {review.Asked.Kind} takes {string.Join(", ", Words(review.Asked.Kind))}.");
        if (decision == ReviewDecision.Use && (recordId is null || !CandidatesOf(review.Asked).Contains(recordId))) return new ReviewAnswer(review, "The record must be one of the candidates.");
        var asked = review.Asked;
        var decide = new DecideReview(workspace, id, decision, decision == ReviewDecision.Use ? recordId : null, comment, by, time.GetUtcNow());
        await commit.CommitAsync(
            CommitQueue.Settlement,
            new ChangeSet([decide, new HastenPlanned(new EventKey(asked.Deployment, asked.Key), ReviewDesk.WaitName(asked.RunId), time.GetUtcNow())])).ConfigureAwait(false);
        if (asked.EventId != 0) await inbox.WakeAsync([asked.EventId], CancellationToken.None).ConfigureAwait(false);
        signal.Raise(asked.Deployment, 0);
        Decided?.Invoke();
        var now = await store.FindAsync(workspace, id, CancellationToken.None).ConfigureAwait(false);
        return new ReviewAnswer(now, now is { } stands && (stands.Decision != decision || stands.DecidedBy != by) ? $"It was decided by {stands.DecidedBy} in the same moment." : null);
    }

    /// <summary>Closes the open questions of a deployment that is taken away: no run waits for them any more.</summary>
    internal async Task CloseAllAsync(DeploymentRef deployment, string because, CancellationToken cancellationToken)
    {
        var filter = new ReviewFilter { Workspace = deployment.Workspace, Deployment = deployment.Id, Limit = 500 };
        while (await store.ListAsync(filter, cancellationToken).ConfigureAwait(false) is { Count: > 0 } open)
        {
            await commit.CommitAsync(
                CommitQueue.Settlement, new ChangeSet([.. open.Select(r => new DecideReview(deployment.Workspace, r.Asked.Id, Words(r.Asked.Kind)[^1], null, because, "engine", time.GetUtcNow()))])).ConfigureAwait(false);
        }
    }

    /// <summary>Raised after a decision was stored: something may be due at once.</summary>
    internal event Action? Decided;

    /// <summary>Ids of the records a review is about.</summary>
    public static IReadOnlyList<string> CandidatesOf(NewReview review)
    {
        if (Payload.Decode(review.Content) is not IReadOnlyDictionary<string, object?> content || content.GetValueOrDefault("ids") is not IReadOnlyList<object?> ids) return [];
        return [.. ids.OfType<string>()];
    }

    /// <summary>The decisions a kind takes.</summary>
    public static IReadOnlyList<ReviewDecision> Words(ReviewKind kind) => kind switch
    {
        ReviewKind.Approval => [ReviewDecision.Approve, ReviewDecision.Reject],
        ReviewKind.PossiblyTwice => [ReviewDecision.Dismiss],
        _ => [ReviewDecision.Use, ReviewDecision.Create, ReviewDecision.Skip],
    };

    private static bool Fits(ReviewKind kind, ReviewDecision decision) => Words(kind).Contains(decision);
}

/// <summary>What became of a decision.</summary>
/// <param name="Review">The review as it stands; null when there is none.</param>
/// <param name="Problem">Why the decision does not count; null = it does.</param>
public sealed record ReviewAnswer(Review? Review, string? Problem);

using Microsoft.EntityFrameworkCore;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class ReviewStore(StoreDatabase database, WorkspaceKeys keys) : IReviewStore
{
    public async Task<IReadOnlyList<Review>> ListAsync(ReviewFilter filter, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var rows = context.Reviews.AsNoTracking().Where(row => row.WorkspaceId == filter.Workspace);
        if (filter.Deployment is { } deployment) rows = rows.Where(row => row.DeploymentId == deployment);
        if (filter.Open is { } open) rows = open ? rows.Where(row => row.Decision == 0) : rows.Where(row => row.Decision != 0);
        if (filter.Before is { } before) rows = rows.Where(row => string.Compare(row.Id, before) < 0);
        var page = await rows.OrderByDescending(row => row.Id).Take(filter.Limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. page.Select(row => Read(row, []))];
    }

    public async Task<Review?> FindAsync(string workspace, string id, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var row = await context.Reviews.AsNoTracking().SingleOrDefaultAsync(review => review.WorkspaceId == workspace && review.Id == id, cancellationToken).ConfigureAwait(false);
        if (row is null) return null;
        await database.ReadAsync(
            async session =>
            {
                await keys.RecallAsync(session, workspace, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return Read(row, row.Content.Length == 0 ? [] : keys.Of(workspace).Open(row.Content, Purposes.ReviewContent(workspace, id)));
    }

    private static Review Read(ReviewRow row, byte[] content) => new(
        new NewReview
        {
            Id = row.Id,
            Deployment = new DeploymentRef(row.WorkspaceId, row.DeploymentId),
            Kind = (ReviewKind)row.Kind,
            EventId = row.EventId,
            Key = row.Key,
            RunId = row.RunId,
            Step = row.Step,
            Place = row.Place,
            Entity = row.Entity,
            Message = row.Message,
            Content = content,
            OpenedAt = row.OpenedAt,
        },
        (ReviewDecision)row.Decision,
        row.RecordId,
        row.Comment,
        row.DecidedBy,
        row.DecidedAt);
}

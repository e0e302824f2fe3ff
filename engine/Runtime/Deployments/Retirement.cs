namespace WorkflowEngine.Runtime;

/// <summary>
/// Ends what waits of a deployment that is taken away: an event that nobody takes up any more must not stay ready for ever. Of several nodes each ends what is in its lanes, when it hears of it.
/// </summary>
internal sealed class Retirement(BackfillBook backfills, ReviewBook reviews, IncidentBook incidents, IInboxStore inbox, LaneRunner lanes, IOwnership ownership, TimeProvider time)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MostLook = TimeSpan.FromSeconds(1);

    /// <summary>Done when nothing of it is left in the lanes of this node.</summary>
    public async Task EndAllAsync(DeploymentRef deployment, string because)
    {
        await backfills.EndAllAsync(deployment, because, CancellationToken.None).ConfigureAwait(false);
        for (var look = FirstLook; ; look = look * 2 < MostLook ? look * 2 : MostLook)
        {
            // What is parked meanwhile waits no longer than until the next look.
            var left = await inbox.WakeAllAsync(deployment, ownership.OwnedLanes, time.GetUtcNow(), CancellationToken.None).ConfigureAwait(false);
            if (left == 0 && lanes.Window.CountOf(deployment) == 0) break;
            lanes.LookNow();
            lanes.MaybeReady(deployment);
            await Task.Delay(look, time).ConfigureAwait(false);
        }

        await reviews.CloseAllAsync(deployment, because, CancellationToken.None).ConfigureAwait(false);
        // Nobody waits for its recovery any more.
        incidents.RecoverAll(deployment.Workspace, deployment.Id, "");
    }
}

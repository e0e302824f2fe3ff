using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Whether what schedules have drained is settled, and how it ended; for schedules with <c>after: drained</c>.</summary>
/// <param name="registry">The deployments.</param>
/// <param name="inbox">What is not settled.</param>
/// <param name="runs">What is.</param>
internal sealed class DrainWatch(DeploymentRegistry registry, IInboxStore inbox, IRunStore runs)
{
    /// <summary>
    /// Nothing is drained any more, and every event that was drained has ended, as has what those events handed over. A flow of the template that is paused may still have a tick to come, so it holds up the
    /// answer; what is planned for later (<c>start</c> with <c>at</c>, a wait that let go of its key) does not.
    /// </summary>
    /// <param name="deployment">Who waits.</param>
    /// <param name="trigger">Its trigger.</param>
    /// <param name="drains">Whether a trigger of a deployment is being drained now.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<bool> IsSettledAsync(ActiveDeployment deployment, PlanTrigger trigger, Func<DeploymentRef, string, bool> drains, CancellationToken cancellationToken)
    {
        foreach (var member in Group(deployment))
        {
            var drained = Drained(member, trigger).ToList();
            if (drained.Count > 0 && member.State != DeploymentState.Active) return false;
            foreach (var source in drained)
            {
                if (drains(member.Ref, source.Id) || await inbox.IsPendingAsync(member.Ref, source.Id, cancellationToken).ConfigureAwait(false)) return false;
            }

            if (await inbox.IsPendingAsync(member.Ref, PlanTrigger.StartId, cancellationToken).ConfigureAwait(false)) return false;
        }

        return true;
    }

    /// <summary>What the trigger is told.</summary>
    public async Task<Dictionary<string, object?>> CountAsync(ActiveDeployment deployment, PlanTrigger trigger, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var counts = DrainCounts.Numbers.ToDictionary(n => n, _ => 0L, StringComparer.Ordinal);
        foreach (var member in Group(deployment))
        {
            foreach (var source in Drained(member, trigger))
            {
                foreach (var (outcome, count) in await runs.CountEndedAsync(member.Ref, source.Id, since, until, cancellationToken).ConfigureAwait(false))
                {
                    counts[Name(outcome)] += count;
                    counts[DrainCounts.Events] += count;
                }
            }

            foreach (var (outcome, count) in await runs.CountEndedAsync(member.Ref, PlanTrigger.StartId, since, until, cancellationToken).ConfigureAwait(false))
            {
                counts[DrainCounts.HandedOver] += count;
                if (outcome == RunOutcome.Failed) counts[DrainCounts.HandedOverFailed] += count;
            }
        }

        var told = counts.ToDictionary(c => c.Key, c => (object?)c.Value, StringComparer.Ordinal);
        told[DrainCounts.Since] = since;
        return told;
    }

    private IEnumerable<ActiveDeployment> Group(ActiveDeployment deployment) => registry.All.Where(d => registry.FindSibling(deployment, d.Flow.Id)?.Ref == d.Ref);

    private static IEnumerable<PlanTrigger> Drained(ActiveDeployment member, PlanTrigger trigger) => member.Flow.Triggers.Where(t => t.Drains is { } drained && (trigger.DrainsOf is null || trigger.DrainsOf == drained));

    private static string Name(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Succeeded => DrainCounts.Succeeded,
        RunOutcome.Stopped => DrainCounts.Stopped,
        RunOutcome.Filtered => DrainCounts.Filtered,
        RunOutcome.Unchanged => DrainCounts.Unchanged,
        RunOutcome.Superseded => DrainCounts.Superseded,
        _ => DrainCounts.Failed,
    };
}

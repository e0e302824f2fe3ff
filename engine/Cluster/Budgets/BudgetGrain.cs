using WorkflowEngine.Runtime;

namespace WorkflowEngine.Cluster;

/// <inheritdoc cref="IBudgetGrain"/>
internal sealed class BudgetGrain(TimeProvider time) : Grain, IBudgetGrain
{
    private readonly BudgetSharing _sharing = new(time);

    public Task<BudgetShare> ShareAsync(string node, string[] nodes, long asked, long live, long retry, long backfill) =>
        Task.FromResult(_sharing.Share(node, nodes, asked, new DayUse(live, retry, backfill)));
}

using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>The links of a plan. What was made once already is made no more, so of that the real links are known too; nothing is written to them.</summary>
/// <param name="plan">What the plan itself has linked.</param>
/// <param name="real">What is really linked.</param>
/// <param name="workspace">The workspace of the deployment that is planned.</param>
internal sealed class PlanLinks(ILinkStore plan, ILinkStore real, string workspace) : ILinkStore
{
    public async Task<IReadOnlyList<LinkRow>> FindAsync(IReadOnlyList<LinkKey> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var own = await plan.FindAsync(keys, now, cancellationToken).ConfigureAwait(false);
        var asked = keys.Where(k => k.IsOnce && own.All(o => o.Key != k)).ToDictionary(k => k with { Workspace = workspace });
        if (asked.Count == 0) return own;
        var there = await real.FindAsync([.. asked.Keys], now, cancellationToken).ConfigureAwait(false);
        return [.. own, .. there.Where(r => r.RecordId is not null).Select(r => r with { Key = asked[r.Key] })];
    }

    public Task<IReadOnlyList<LinkRow>> OfRecordAsync(string of, string realm, string entity, string recordId, CancellationToken cancellationToken) => plan.OfRecordAsync(of, realm, entity, recordId, cancellationToken);
}

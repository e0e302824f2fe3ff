using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Cli;

/// <summary>What one flow did in the demonstration.</summary>
internal sealed record DemoFlow
{
    public required string Flow { get; init; }

    public required long Events { get; init; }

    public required IReadOnlyDictionary<string, long> Runs { get; init; }

    /// <summary>Records made and changed, by kind.</summary>
    public required IReadOnlyDictionary<string, long> Created { get; init; }

    public required IReadOnlyDictionary<string, long> Updated { get; init; }

    /// <summary>Runs that ended well without a write of their own.</summary>
    public required long Unchanged { get; init; }

    public static async Task<IReadOnlyList<DemoFlow>> AllAsync(FlowHost host, CancellationToken cancellationToken)
    {
        var flows = host.Runtime.Registry.All.ToDictionary(d => d.Ref.Id, d => d.Flow.Id);
        var runs = flows.Values.Distinct().ToDictionary(f => f, _ => new Dictionary<string, long>());
        var created = flows.Values.Distinct().ToDictionary(f => f, _ => new Dictionary<string, long>());
        var updated = flows.Values.Distinct().ToDictionary(f => f, _ => new Dictionary<string, long>());
        var unchanged = flows.Values.Distinct().ToDictionary(f => f, _ => 0L);
        string? before = null;
        while (true)
        {
            var page = await host.View.Runs.ListAsync(new RunFilter { Workspace = host.Names.Workspace, Before = before, Limit = 200 }, cancellationToken).ConfigureAwait(false);
            foreach (var run in page)
            {
                var flow = flows[run.Deployment.Id];
                Add(runs[flow], run.Outcome.ToString().ToLowerInvariant());
                if (run.Effects == 0)
                {
                    if (run.Outcome is RunOutcome.Succeeded or RunOutcome.Stopped or RunOutcome.Unchanged) unchanged[flow]++;
                    continue;
                }

                foreach (var effect in await host.View.Runs.EffectsOfRunAsync(host.Names.Workspace, run.Id, cancellationToken).ConfigureAwait(false))
                {
                    if (effect.Verb == "created") Add(created[flow], effect.Entity);
                    else if (effect.Verb == "updated") Add(updated[flow], effect.Entity);
                }
            }

            if (page.Count < 200) break;
            before = page[^1].Id;
        }

        return [.. runs.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => new DemoFlow
        {
            Flow = r.Key, Events = r.Value.Values.Sum(), Runs = r.Value, Created = created[r.Key], Updated = updated[r.Key], Unchanged = unchanged[r.Key],
        })];
    }

    private static void Add(Dictionary<string, long> counts, string what) => counts[what] = counts.GetValueOrDefault(what) + 1;
}

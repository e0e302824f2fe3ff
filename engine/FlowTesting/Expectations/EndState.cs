using WorkflowEngine.Runtime;

namespace WorkflowEngine.FlowTesting;

/// <summary>What a test left: runs, effects, letters, incidents. Records are asked for where an expectation names them.</summary>
internal sealed record EndState
{
    /// <summary>Runs with the id of their flow, oldest first.</summary>
    public required IReadOnlyList<(string Flow, RunRow Run)> Runs { get; init; }

    public required IReadOnlyList<(string Flow, EffectRow Effect)> Effects { get; init; }

    public required IReadOnlyList<DeadLetter> Letters { get; init; }

    /// <summary>Those that are open.</summary>
    public required IReadOnlyList<Incident> Incidents { get; init; }

    /// <summary>Why deployments were paused as wrong, whether they still are or a probe has resumed them.</summary>
    public required IReadOnlyList<string> Pauses { get; init; }

    /// <summary>Events that still wait, by flow.</summary>
    public required IReadOnlyDictionary<string, long> Waiting { get; init; }

    public static async Task<EndState> OfAsync(Hosting.FlowHost host, CancellationToken cancellationToken)
    {
        var workspace = host.Names.Workspace;
        var flows = host.Runtime.Registry.All.ToDictionary(d => d.Ref.Id, d => d.Flow.Id);
        var runs = new List<(string, RunRow)>();
        string? before = null;
        while (true)
        {
            var page = await host.View.Runs.ListAsync(new RunFilter { Workspace = workspace, Before = before, Limit = 200 }, cancellationToken).ConfigureAwait(false);
            runs.AddRange(page.Select(r => (flows.GetValueOrDefault(r.Deployment.Id, ""), r)));
            if (page.Count < 200) break;
            before = page[^1].Id;
        }

        runs.Reverse();
        var effects = new List<(string, EffectRow)>();
        foreach (var (flow, run) in runs.Where(r => r.Item2.Effects > 0))
        {
            effects.AddRange((await host.View.Runs.EffectsOfRunAsync(workspace, run.Id, cancellationToken).ConfigureAwait(false)).Select(e => (flow, e)));
        }

        var incidents = await host.View.Incidents.ListAsync(workspace, openOnly: false, cancellationToken).ConfigureAwait(false);
        var backlog = await host.View.Inbox.CountAsync(cancellationToken).ConfigureAwait(false);
        return new EndState
        {
            Runs = runs,
            Effects = effects,
            Letters = await host.View.DeadLetters.ListAsync(new DeadLetterFilter { Workspace = workspace, State = DeadLetterState.Open, Limit = 500 }, cancellationToken).ConfigureAwait(false),
            Incidents = [.. incidents.Where(i => i.RecoveredAt is null)],
            Pauses = [.. incidents.Select(i => i.Message).Where(m => m.StartsWith("Paused at ", StringComparison.Ordinal))],
            Waiting = backlog.GroupBy(b => flows.GetValueOrDefault(b.Deployment.Id, "")).ToDictionary(g => g.Key, g => g.Sum(b => b.Ready + b.Behind + b.Delayed)),
        };
    }
}

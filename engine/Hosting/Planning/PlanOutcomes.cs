using System.Text.Json;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>What a plan predicted beside what then happened: effect by effect, with a reason for each event of which it did not come true.</summary>
public sealed class PlanOutcomes(FlowHost host)
{
    private const int Page = 200;
    private const int MostRuns = 50_000;

    /// <summary>Compares.</summary>
    /// <param name="deployment">The deployment that was planned.</param>
    /// <param name="since">When the plan was made.</param>
    /// <param name="predicted">What it predicted, by record.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<PlanOutcome> CompareAsync(DeploymentRef deployment, DateTimeOffset since, IReadOnlyList<PredictedRun> predicted, CancellationToken cancellationToken)
    {
        var runs = await RunsAsync(deployment, since, predicted.Select(p => p.Event).ToHashSet(StringComparer.Ordinal), cancellationToken).ConfigureAwait(false);
        var (effects, equal) = (0, 0);
        var deviations = new List<PlanDeviation>();
        foreach (var (name, told) in predicted)
        {
            var ran = runs.GetValueOrDefault(name) ?? [];
            var (did, forgotten) = await EffectsAsync(deployment.Workspace, ran, cancellationToken).ConfigureAwait(false);
            var left = new List<ComparedEffect>();
            foreach (var effect in told)
            {
                if (did.FindIndex(effect.Foretold) is var at and >= 0) did.RemoveAt(at);
                else left.Add(effect);
            }

            equal += told.Count - left.Count;
            effects += told.Count + Math.Max(0, did.Count - left.Count);
            if (left.Count + did.Count > 0) deviations.Add(new PlanDeviation(name, [.. ran.Select(r => r.Id)], Why(ran, forgotten), left, did));
        }

        return new PlanOutcome(predicted.Count, effects, equal, deviations);
    }

    private static string Why(List<RunRow> ran, bool forgotten) => ran switch
    {
        [] => "No run of this record has ended since.",
        _ when forgotten => "What the run did is no longer kept.",
        [_, _, ..] => $"{ran.Count} runs of this record have ended since: it was changed more than once.",
        [{ Outcome: RunOutcome.Failed, Text: var text }] => $"The run failed: {text}",
        [{ Outcome: RunOutcome.Superseded }] => "The change was superseded by a newer one.",
        [{ Text: { Length: > 0 } text }] => $"The run ended otherwise: {text}",
        _ => "The record, or what it was matched with, changed between the plan and the run, or another version ran.",
    };

    private async Task<Dictionary<string, List<RunRow>>> RunsAsync(DeploymentRef deployment, DateTimeOffset since, HashSet<string> records, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, List<RunRow>>(StringComparer.Ordinal);
        string? before = null;
        for (var seen = 0; seen < MostRuns;)
        {
            var rows = await host.View.Runs.ListAsync(new RunFilter { Workspace = deployment.Workspace, Deployment = deployment.Id, Since = since, Before = before, Limit = Page }, cancellationToken).ConfigureAwait(false);
            foreach (var run in rows)
            {
                if (run.RecordId is not { } record || !records.Contains(record)) continue;
                if (!found.TryGetValue(record, out var list)) found[record] = list = [];
                list.Add(run);
            }

            seen += rows.Count;
            if (rows.Count < Page) break;
            before = rows[^1].Id;
        }

        return found;
    }

    private async Task<(List<ComparedEffect> Effects, bool Forgotten)> EffectsAsync(string workspace, List<RunRow> runs, CancellationToken cancellationToken)
    {
        var effects = new List<ComparedEffect>();
        var forgotten = false;
        foreach (var run in runs.Where(r => r.Effects > 0))
        {
            if (await host.View.Runs.ReadJournalAsync(workspace, run.Id, cancellationToken).ConfigureAwait(false) is not { } journal)
            {
                forgotten = true;
                continue;
            }

            using var told = JsonDocument.Parse(journal);
            if (told.RootElement.TryGetProperty("steps", out var steps)) effects.AddRange(steps.EnumerateArray().Select(ComparedEffect.Actual).OfType<ComparedEffect>());
        }

        return (effects, forgotten);
    }
}

/// <summary>What a plan predicted of one event.</summary>
/// <param name="Event">The record.</param>
/// <param name="Effects">Its writes.</param>
public sealed record PredictedRun(string Event, IReadOnlyList<ComparedEffect> Effects);

/// <summary>How far a plan came true.</summary>
/// <param name="Events">Events compared.</param>
/// <param name="Effects">Writes predicted or done.</param>
/// <param name="Equal">Writes predicted and done.</param>
/// <param name="Deviations">Events of which it did not come true.</param>
public sealed record PlanOutcome(int Events, int Effects, int Equal, IReadOnlyList<PlanDeviation> Deviations);

/// <summary>An event of which the plan did not come true.</summary>
/// <param name="Event">The record.</param>
/// <param name="Runs">Its runs since.</param>
/// <param name="Why">The reason, as far as it is known.</param>
/// <param name="Predicted">What was predicted and not done.</param>
/// <param name="Actual">What was done and not predicted.</param>
public sealed record PlanDeviation(string Event, IReadOnlyList<string> Runs, string Why, IReadOnlyList<ComparedEffect> Predicted, IReadOnlyList<ComparedEffect> Actual);

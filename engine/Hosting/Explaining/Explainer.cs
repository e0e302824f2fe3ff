using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>Answers why a field holds what it holds: from the effects of the record to the run, its event, the flow version and the line that gave the value.</summary>
public sealed class Explainer(FlowHost host)
{
    private const int MostEffects = 200;

    /// <summary>Writes of a field, newest first; of all fields when none is named.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="realm">The org or tenant.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="record">The record.</param>
    /// <param name="field">The field; null = all.</param>
    /// <param name="most">Most writes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<IReadOnlyList<Explanation>> WhyAsync(
        string workspace, string realm, string entity, string record, string? field, int most, CancellationToken cancellationToken)
    {
        var result = new List<Explanation>();
        var runs = new Dictionary<string, (RunRow? Run, JsonElement? Journal, IReadOnlyList<BundledSource> Sources, string? FlowId)>(StringComparer.Ordinal);
        var effects = await host.View.Runs.EffectsOfRecordAsync(workspace, realm, entity, record, MostEffects, cancellationToken).ConfigureAwait(false);
        foreach (var effect in effects.Where(e => field is null || e.Fields.Contains(field, StringComparer.Ordinal)))
        {
            if (result.Count >= most) break;
            if (!runs.TryGetValue(effect.RunId, out var run)) runs[effect.RunId] = run = await ReadAsync(workspace, effect.RunId, cancellationToken).ConfigureAwait(false);
            if (run.Run is null) continue;
            foreach (var name in field is null ? effect.Fields : [field])
            {
                if (result.Count < most) result.Add(Of(effect, name, run.Run, run.Journal, run.Sources, run.FlowId));
            }
        }

        return result;
    }

    private static Explanation Of(EffectRow effect, string field, RunRow run, JsonElement? journal, IReadOnlyList<BundledSource> sources, string? flowId)
    {
        var inputs = new List<ExplainedRead>();
        JsonElement? value = null;
        string? file = null;
        int? line = null;
        if (journal is { } told && told.TryGetProperty("steps", out var steps))
        {
            foreach (var step in steps.EnumerateArray())
            {
                if (Text(step, "id") == effect.RecordId && Text(step, "step") == effect.Step && step.TryGetProperty("fields", out var fields) && fields.TryGetProperty(field, out var pair))
                {
                    value = pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() > 0 ? pair[0].Clone() : pair.Clone();
                    var at = Text(step, "at")?.Split(':');
                    file = at is { Length: >= 3 } ? string.Join(':', at[..^2]) : null;
                    line = pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() > 1 ? pair[1].GetInt32()
                        : at is { Length: >= 3 } && int.TryParse(at[^2], CultureInfo.InvariantCulture, out var own) ? own : null;
                    break;
                }

                if (step.TryGetProperty("rows", out var rows) && Text(step, "entity") is { } entity)
                {
                    inputs.Add(new ExplainedRead(Text(step, "step") ?? "", entity, rows.GetInt32(), step.TryGetProperty("ids", out var ids) ? [.. ids.EnumerateArray().Select(i => i.ToString())] : []));
                }
            }
        }

        return new Explanation
        {
            At = effect.At, Field = field, Value = value, Verb = effect.Verb, Run = run, Step = effect.Step, File = file, Line = line, Source = LineOf(sources, file, line), FlowId = flowId,
            Inputs = inputs,
        };
    }

    private async Task<(RunRow? Run, JsonElement? Journal, IReadOnlyList<BundledSource> Sources, string? FlowId)> ReadAsync(string workspace, string id, CancellationToken cancellationToken)
    {
        var run = await host.View.Runs.FindAsync(workspace, id, cancellationToken).ConfigureAwait(false);
        if (run is null) return (null, null, [], null);
        var journal = await host.View.Runs.ReadJournalAsync(workspace, id, cancellationToken).ConfigureAwait(false);
        var version = await host.View.Deployments.ReadFlowVersionAsync(workspace, run.FlowHash, cancellationToken).ConfigureAwait(false);
        return (
            run, journal is null ? null : JsonSerializer.Deserialize<JsonElement>(journal), version is null ? [] : JsonSerializer.Deserialize<List<BundledSource>>(version.Sources)!, version?.FlowId);
    }

    /// <summary>The journal names the file as it was read; the version keeps it by its path below the template.</summary>
    private static string? LineOf(IReadOnlyList<BundledSource> sources, string? file, int? line)
    {
        if (file is null || line is not { } number) return null;
        var source = sources.FirstOrDefault(s => file == s.Path || file.EndsWith("/" + s.Path, StringComparison.Ordinal));
        if (source is null) return null;
        var lines = source.Content.Split('\n');
        return number >= 1 && number <= lines.Length ? lines[number - 1].Trim() : null;
    }

    private static string? Text(JsonElement step, string name) => step.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.FlowTesting;

/// <summary>What a flow did with the records of a recorded run: what its test expects from now on.</summary>
internal sealed class Observed(RecordedRun run, CompiledFlow flow)
{
    private readonly List<(string Connection, string Entity, JsonObject Record)> _records = [];
    private readonly List<string> _did = [];
    private readonly Dictionary<string, HashSet<string>> _wrote = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _created = new(StringComparer.Ordinal);
    private Dictionary<string, int> _runs = [];
    private string? _outcome;

    /// <summary>The test came as far as its end.</summary>
    public bool Looked { get; private set; }

    public async Task LookAsync(TestWorld world, EndState end, CancellationToken cancellationToken)
    {
        var own = end.Runs.Where(r => r.Flow == run.Flow).Select(r => r.Run).ToList();
        _runs = own.GroupBy(r => r.Outcome.ToString().ToLowerInvariant()).ToDictionary(g => g.Key, g => g.Count());
        _outcome = own.Count > 0 && own[^1].Outcome == Runtime.RunOutcome.Stopped ? own[^1].Text : null;
        var effects = end.Effects.Where(e => e.Flow == run.Flow).Select(e => e.Effect).ToList();
        _did.AddRange(effects.Select(e => $"{e.Step} {e.Verb} {e.Entity}"));
        foreach (var effect in effects) _wrote[effect.Step] = [.. _wrote.GetValueOrDefault(effect.Step, []), .. effect.Fields];
        var ids = effects.Select(e => e.RecordId).ToHashSet(StringComparer.Ordinal);
        foreach (var record in effects.Where(e => e.Verb is "created" or "updated").GroupBy(e => (e.Entity, e.RecordId)))
        {
            var (system, _) = world.Find(record.Key.Entity);
            if (system is null || world.Reading(system).Entity(record.Key.Entity) is not { } entity) continue;
            var connection = flow.Connections.First(c => c.Value == system).Key;
            if (record.Any(e => e.Verb == "created")) _created[$"{connection}/{entity.Name}"] = _created.GetValueOrDefault($"{connection}/{entity.Name}") + 1;
            List<string> fields = [.. record.SelectMany(e => e.Fields).Distinct(StringComparer.Ordinal)];
            var read = await world.Reading(system).AllAsync(entity, [.. fields.Append(entity.IdField).Distinct(StringComparer.Ordinal)], cancellationToken).ConfigureAwait(false);
            if (!read.Succeeded || read.Value.FirstOrDefault(r => r.GetValueOrDefault(entity.IdField) as string == record.Key.RecordId) is not { } row) continue;
            var told = new JsonObject();
            if (world.Names.NameOf(record.Key.RecordId, ids.Contains) is { } name) told[entity.IdField] = name;
            foreach (var field in fields)
            {
                var value = RecordMatcher.At(row, field);
                if (value is string text && (value = world.Names.NameOf(text, ids.Contains)) is null) continue;
                if (TestText.TryJson(value, out var node)) told[field] = node;
            }

            if (told.Count > 0) _records.Add((connection, entity.Name, told));
        }

        Looked = true;
    }

    /// <summary>The lines below <c>expect</c>.</summary>
    public string Expect()
    {
        var text = new StringBuilder();
        text.Append("      runs: { ").AppendJoin(", ", _runs.Select(r => $"{r.Key}: {r.Value.ToString(CultureInfo.InvariantCulture)}")).Append(" }\n");
        if (_outcome is not null) text.Append("      outcome: ").Append(TestText.Text(_outcome)).Append('\n');
        TestText.Records(text, "      ", _records);
        if (_created.Count > 0) text.Append("      created: { ").AppendJoin(", ", _created.Select(c => $"{c.Key}: {c.Value.ToString(CultureInfo.InvariantCulture)}")).Append(" }\n");
        return text.ToString();
    }

    /// <summary>What is done here and was not then, and the other way round.</summary>
    public IEnumerable<string> Differences()
    {
        List<string> then = [.. run.Steps.Where(s => s is { Did: "created" or "updated" or "deleted" or "merged", Entity: not null }).Select(s => $"{s.Step} {s.Did} {s.Entity}").Distinct()];
        foreach (var missing in then.Except(_did)) yield return $"The recorded run did '{missing}', the test does not: records have changed since, or the flow has.";
        foreach (var step in run.Steps.Where(s => s is { Did: "created" or "updated", Entity: not null }).GroupBy(s => s.Step))
        {
            var fields = step.SelectMany(s => s.Fields).Distinct(StringComparer.Ordinal).ToList();
            if (_wrote.TryGetValue(step.Key, out var wrote) && fields.Where(f => !wrote.Contains(f)).ToList() is [_, ..] unwritten) yield return $"The recorded run's '{step.Key}' also wrote {string.Join(", ", unwritten)}.";
        }

        foreach (var more in _did.Distinct().Except(then)) yield return $"The test does '{more}', the recorded run did not.";
    }
}

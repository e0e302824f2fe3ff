using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.FlowTesting;

/// <summary>Holds the end state of a test against what it expects; every expectation that does not hold is told.</summary>
internal sealed class ExpectationCheck(FlowTestDefinition test, string flow, EndState end, RecordNames names)
{
    private readonly List<FlowTestFailure> _failures = [];

    private TestExpect Expect => test.Expect;

    public IReadOnlyList<FlowTestFailure> Failures => _failures;

    public void Runs()
    {
        foreach (var expected in Expect.Runs)
        {
            var of = expected.Flow?.Value ?? flow;
            var count = expected.Outcome.Value == "waiting"
                ? end.Waiting.GetValueOrDefault(of)
                : end.Runs.Count(r => r.Flow == of && string.Equals(r.Run.Outcome.ToString(), expected.Outcome.Value, StringComparison.OrdinalIgnoreCase));
            if (count != expected.Count.Value) Fail(expected.Span, $"Expected {expected.Count.Value} runs {expected.Outcome.Value} of {of}, found {count}.", [.. end.Runs.Select(Line)]);
        }

        if (Expect.Outcome is { } text && !end.Runs.Any(r => r.Run.Text?.Contains(names.Resolve(text.Value), StringComparison.Ordinal) == true))
        {
            Fail(text.Span, $"Expected a run to end with '{text.Value}', none did.", [.. end.Runs.Select(Line)]);
        }
    }

    public void Letters()
    {
        var left = end.Letters.ToList();
        foreach (var expected in Expect.DeadLetters)
        {
            var found = left.FindIndex(l => (expected.Step is null || l.Content.Step == expected.Step.Value) && (expected.Code is null || l.Content.Code == expected.Code.Value));
            if (found >= 0) left.RemoveAt(found);
            else Fail(expected.Span, $"Expected a dead letter{(expected.Step is null ? "" : $" of the step {expected.Step.Value}")}{(expected.Code is null ? "" : $" with the code {expected.Code.Value}")}, found none.", [.. end.Letters.Select(Line)]);
        }

        if (left.Count > 0) Fail(test.Name.Span, $"There {(left.Count == 1 ? "is a dead letter" : $"are {left.Count} dead letters")} nobody expected.", [.. left.Select(Line)]);
    }

    public void Incidents()
    {
        if (Expect.NoIncidents is { } none && end.Incidents.Count > 0) Fail(none, "There is an open incident.", [.. end.Incidents.Select(i => i.Message)]);
        foreach (var expected in Expect.Incidents)
        {
            if (!end.Incidents.Any(i => i.Message.Contains(names.Resolve(expected.Value), StringComparison.Ordinal)))
            {
                Fail(expected.Span, $"Expected an open incident that says '{expected.Value}', found none.", [.. end.Incidents.Select(i => i.Message)]);
            }
        }
    }

    public void Updated()
    {
        foreach (var expected in Expect.Updated)
        {
            var entity = expected.What.Value[(expected.What.Value.IndexOf('/') + 1)..];
            var count = end.Effects.Count(e => e.Effect.Entity == entity && e.Effect.Verb == "updated");
            if (count != expected.Count.Value)
            {
                Fail(expected.Span, $"Expected {expected.Count.Value} updates of {expected.What.Value}, found {count}.", [.. end.Effects.Where(e => e.Effect.Entity == entity).Select(e => Line(e.Effect))]);
            }
        }
    }

    public void Created(TestCount expected, int made, int before)
    {
        if (made - before != expected.Count.Value) Fail(expected.Span, $"Expected {expected.Count.Value} new records of {expected.What.Value}, found {made - before}.", [.. end.Effects.Where(e => e.Effect.Verb == "created").Select(e => Line(e.Effect))]);
    }

    public void Unspent(IReadOnlyList<TestFault> faults)
    {
        foreach (var fault in faults) Fail(fault.Span, $"The fault never struck: the step '{fault.Step.Value}' made no such call.", []);
    }

    public void Repeated(IReadOnlyList<string> differences)
    {
        if (differences.Count > 0) Fail(Expect.Repeat!.Span, "Everything once more changed something.", differences);
    }

    /// <summary>Records of one entity: each expected one is a record of its own; the closest is shown where none fits.</summary>
    public void Records(TestEntity expected, EntityDescriptor entity, Outcome<IReadOnlyList<IReadOnlyDictionary<string, object?>>> read)
    {
        if (!read.Succeeded)
        {
            Fail(expected.Entity.Span, $"The records of {expected.Entity.Value} cannot be read: {read.Error.Message}", []);
            return;
        }

        var left = read.Value.ToList();
        var missing = new List<ObjectValue>();
        foreach (var record in expected.Records.Select(names.Resolve))
        {
            var found = left.FindIndex(r => RecordMatcher.Differences(record, r, entity).Count == 0);
            if (found >= 0) left.RemoveAt(found);
            else missing.Add(record);
        }

        foreach (var record in missing)
        {
            var closest = left.Select(r => RecordMatcher.Differences(record, r, entity)).OrderBy(d => d.Count).FirstOrDefault();
            Fail(record.Span, closest is null ? $"Expected a record of {expected.Entity.Value}, found none." : $"No record of {expected.Entity.Value} is as expected; the closest differs:", closest ?? []);
        }

        if (expected.Only && missing.Count == 0 && left.Count > 0)
        {
            var shown = expected.Records.SelectMany(r => r.Lines).Select(l => l.Name.Value).Distinct().ToList();
            Fail(expected.Entity.Span, $"There {(left.Count == 1 ? "is a record" : $"are {left.Count} records")} of {expected.Entity.Value} more than expected.", [.. left.Select(r => RecordMatcher.Show(r.Where(p => shown.Count == 0 || shown.Contains(p.Key)).ToDictionary(p => p.Key, p => p.Value)))]);
        }
    }

    public void Fail(SourceSpan place, string message, IReadOnlyList<string> details) => _failures.Add(new FlowTestFailure(place, message, details));

    private static string Line((string Flow, RunRow Run) run) =>
        $"{run.Flow}: {run.Run.Trigger} {run.Run.Key} {run.Run.Outcome.ToString().ToLowerInvariant()}{(run.Run.Text is null ? "" : $" ({run.Run.Text})")}";

    private static string Line(DeadLetter letter) =>
        $"{letter.Content.Key} at {letter.Content.Step} ({letter.Content.Place}): {letter.Content.ErrorKind} {letter.Content.Code}: {letter.Content.Message}";

    private static string Line(EffectRow effect) => $"{effect.Step} {effect.Verb} {effect.Entity} {effect.RecordId}: {string.Join(", ", effect.Fields)}";
}

using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>What an edited flow would do otherwise than the one that runs.</summary>
/// <param name="Event">The event.</param>
/// <param name="Realm">The org or tenant.</param>
/// <param name="Entity">The entity.</param>
/// <param name="Record">The record.</param>
/// <param name="Verb">What the edited flow would do; null = nothing.</param>
/// <param name="WasVerb">What the flow that runs would do; null = nothing.</param>
/// <param name="Fields">Fields that would hold another value: before is the value by the flow that runs, after by the edited one.</param>
public sealed record PlanDifference(string Event, string Realm, string Entity, string Record, string? Verb, string? WasVerb, IReadOnlyList<PlannedField> Fields);

/// <summary>Compares two plans of the same events.</summary>
public static class PlanComparison
{
    public static IReadOnlyList<PlanDifference> Of(IReadOnlyList<PlannedRun> current, IReadOnlyList<PlannedRun> edited)
    {
        var result = new List<PlanDifference>();
        for (var i = 0; i < current.Count; i++)
        {
            var (was, now) = (ByPlace(current[i]), ByPlace(edited[i]));
            foreach (var place in was.Keys.Concat(now.Keys.Where(k => !was.ContainsKey(k))))
            {
                var (a, b) = (was.GetValueOrDefault(place), now.GetValueOrDefault(place));
                var fields = (a?.Fields ?? []).Select(f => f.Name).Union((b?.Fields ?? []).Select(f => f.Name), StringComparer.Ordinal).Order(StringComparer.Ordinal)
                    .Select(name => new PlannedField(name, Value(a, name), Value(b, name)) { Hidden = Hides(a, name) || Hides(b, name) }).Where(f => !Same(f.Before, f.After)).ToList();
                if (fields.Count == 0 && a?.Verb == b?.Verb) continue;
                var shown = (b ?? a)!;
                result.Add(new PlanDifference(current[i].Event, shown.Realm, shown.Entity, shown.Record, b?.Verb, a?.Verb, fields));
            }
        }

        return result;
    }

    /// <summary>Writes by what they are about: a real record by its id, a new one by its place among the new ones of its event, since numbers move when one is added.</summary>
    private static Dictionary<(string Realm, string Entity, string Record, int Nth), PlannedEffect> ByPlace(PlannedRun run)
    {
        var result = new Dictionary<(string, string, string, int), PlannedEffect>();
        var counts = new Dictionary<(string, string, string), int>();
        foreach (var effect in run.Effects)
        {
            var place = (effect.Realm, effect.Entity, VirtualConditions.IsVirtual(effect.Record) ? VirtualConditions.Prefix : effect.Record);
            var nth = counts[place] = counts.GetValueOrDefault(place) + 1;
            result[(place.Realm, place.Entity, place.Item3, nth)] = effect;
        }

        return result;
    }

    private static bool Hides(PlannedEffect? effect, string name) => effect?.Fields.Any(f => f.Name == name && f.Hidden) == true;

    private static object? Value(PlannedEffect? effect, string name) => effect?.Fields.FirstOrDefault(f => f.Name == name)?.After;

    /// <summary>Ids of new records are only numbers of the plan.</summary>
    private static bool Same(object? a, object? b) =>
        (VirtualConditions.IsVirtual(a) && VirtualConditions.IsVirtual(b)) || Payload.Encode(Plain(a)).AsSpan().SequenceEqual(Payload.Encode(Plain(b)));

    private static object? Plain(object? value) => value is Abstractions.ParentReference parent ? $"{parent.Entity}.{parent.By}={FieldValues.AsText(parent.Value)}" : value;
}

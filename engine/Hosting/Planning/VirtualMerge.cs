using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>A merge as it would be, over the records as they were before it; it may come in several calls, one for each record that goes up.</summary>
/// <param name="step">The step.</param>
/// <param name="rules">Whose value each field gets.</param>
/// <param name="survivor">The survivor's id.</param>
/// <param name="before">The survivor as it was before.</param>
internal sealed class VirtualMerge(string? step, IReadOnlyList<PlanSurvivorLine> rules, string survivor, IReadOnlyDictionary<string, object?> before)
{
    private readonly List<(string Id, IReadOnlyDictionary<string, object?> Record)> _records = [(survivor, before)];
    private readonly Dictionary<string, object?> _fields = new(StringComparer.Ordinal);

    public bool IsOf(string? otherStep, string record) => step == otherStep && survivor == record;

    public void Absorb(string id, IReadOnlyDictionary<string, object?> record) => _records.Add((id, record));

    public void Set(IReadOnlyDictionary<string, object?> fields)
    {
        foreach (var (name, value) in fields) _fields[name] = value;
    }

    public PlannedMerge Told(string? because) => new([.. _records.Skip(1).Select(r => r.Id)], because, [.. rules.Select(Kept).OfType<PlannedSurvivor>()]);

    private PlannedSurvivor? Kept(PlanSurvivorLine line)
    {
        var field = line.Line.Field;
        var path = line.Line.Path;
        var value = _fields.TryGetValue(path, out var set) ? set : RecordPath.Read(before, path);
        var filled = _records.Select(r => (r.Id, Value: RecordPath.Read(r.Record, path))).Where(r => !FieldValues.IsEmpty(r.Value)).ToList();
        if (filled.Count == 0 && FieldValues.IsEmpty(value)) return null;
        var lost = filled.Where(r => !FieldComparison.Equal(field, r.Value, value)).Select(r => new PlannedLoss(r.Id, r.Value)).ToList();
        var of = filled.Where(r => FieldComparison.Equal(field, r.Value, value)).Select(r => r.Id).FirstOrDefault();
        return new PlannedSurvivor(path, line.Rule.ToString().ToLowerInvariant(), value, of, lost);
    }
}

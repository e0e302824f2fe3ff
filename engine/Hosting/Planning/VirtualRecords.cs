using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Hosting;

/// <summary>Records of one realm as they would be: what was read, with the virtual writes over it. Used by one run at a time.</summary>
internal sealed class VirtualRecords
{
    private readonly Dictionary<(string Entity, string Id), Dictionary<string, object?>> _read = [];
    private readonly Dictionary<(string Entity, string Id), Dictionary<string, object?>> _written = [];
    private readonly Dictionary<string, List<string>> _touched = new(StringComparer.Ordinal);
    private readonly HashSet<(string Entity, string Id)> _gone = [];
    private readonly HashSet<(string Entity, string Id)> _restored = [];
    private readonly Dictionary<string, int> _made = new(StringComparer.Ordinal);
    private VirtualMerge? _merge;

    /// <summary>Virtual writes in their order; taken by whoever tells them.</summary>
    public List<PlannedWrite> Writes { get; } = [];

    /// <summary>The step whose writes come next.</summary>
    public string? Step { get; set; }

    /// <summary>Values of sensitive fields that were read or written since they were last taken, as texts.</summary>
    public HashSet<string> Hidden { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Notes what of these rows must not be shown.</summary>
    public void Gather(EntityDescriptor entity, IReadOnlyDictionary<string, object?> row) => Redaction.Gather(row, entity.Fields, Hidden);

    public void Saw(string entity, string id, IReadOnlyDictionary<string, object?> row)
    {
        if (!_read.TryGetValue((entity, id), out var known)) _read[(entity, id)] = known = [];
        foreach (var (name, value) in row) known[name] = value;
    }

    public bool IsGone(string entity, string id) => _gone.Contains((entity, id));

    /// <summary>Records that were written, in the order in which they first were.</summary>
    public IReadOnlyList<string> TouchedOf(string entity) => _touched.GetValueOrDefault(entity) ?? [];

    public bool IsTouched(string entity, string id) => _written.ContainsKey((entity, id));

    /// <summary>A row as it would be: the virtual writes over it.</summary>
    public IReadOnlyDictionary<string, object?> Over(string entity, string id, IReadOnlyDictionary<string, object?> row)
    {
        if (!_written.TryGetValue((entity, id), out var written)) return row;
        var result = new Dictionary<string, object?>(row);
        foreach (var (name, value) in written) result[name] = value;
        return result;
    }

    /// <summary>All that is known of a written record.</summary>
    public IReadOnlyDictionary<string, object?> Known(string entity, string id) =>
        Over(entity, id, _read.TryGetValue((entity, id), out var read) ? read : new Dictionary<string, object?>());

    public string Create(EntityDescriptor entity, IReadOnlyDictionary<string, object?> fields)
    {
        var number = _made[entity.Name] = _made.GetValueOrDefault(entity.Name) + 1;
        var id = string.Create(CultureInfo.InvariantCulture, $"{VirtualConditions.Prefix}{entity.Name}:{number}");
        var record = entity.Fields.ToDictionary(f => f.Name, f => ChildLists.Is(f) ? Array.Empty<object?>() : (object?)null);
        foreach (var (name, value) in fields) record[name] = value;
        record[entity.IdField] = id;
        _written[(entity.Name, id)] = record;
        Touch(entity.Name, id);
        Writes.Add(new PlannedWrite(Step, "create", entity.Name, id, [.. fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new PlannedField(f.Key, null, f.Value))]));
        return id;
    }

    /// <summary>Joins records; calls of one step into the same survivor are one write.</summary>
    public void Merge(string entity, WriteItem item, IReadOnlyList<PlanSurvivorLine> rules)
    {
        var id = item.Id!;
        var fields = item.Fields;
        var earlier = Writes is [.., { Verb: "merge" } last] && last.Entity == entity && _merge?.IsOf(Step, id) == true ? last : null;
        if (earlier is null || _merge is null) _merge = new VirtualMerge(Step, rules, id, new Dictionary<string, object?>(Known(entity, id)));
        else Writes.RemoveAt(Writes.Count - 1);
        _merge.Set(fields);
        foreach (var absorbed in item.Absorb)
        {
            _merge.Absorb(absorbed, Known(entity, absorbed));
            Delete(entity, absorbed, told: false);
        }

        Update(entity, id, fields, "merge");
        var told = Writes[^1];
        Writes[^1] = told with { Fields = earlier is null ? told.Fields : [.. earlier.Fields, .. told.Fields], Merge = _merge.Told(item.Because) };
    }

    public void Update(string entity, string id, IReadOnlyDictionary<string, object?> fields, string verb = "update")
    {
        var before = Known(entity, id);
        if (!_written.TryGetValue((entity, id), out var record))
        {
            _written[(entity, id)] = record = [];
            Touch(entity, id);
        }

        Writes.Add(new PlannedWrite(Step, verb, entity, id, [.. fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new PlannedField(f.Key, before.GetValueOrDefault(f.Key), f.Value))]));
        foreach (var (name, value) in fields) record[name] = value;
    }

    public void Delete(string entity, string id, bool told = true)
    {
        _gone.Add((entity, id));
        if (told) Writes.Add(new PlannedWrite(Step, "delete", entity, id, []));
    }

    /// <summary>A deleted record is there again, as it was.</summary>
    public void Restore(string entity, string id)
    {
        _restored.Add((entity, id));
        if (_written.TryAdd((entity, id), [])) Touch(entity, id);
        Writes.Add(new PlannedWrite(Step, "restore", entity, id, []));
    }

    public bool IsRestored(string entity, string id) => _restored.Contains((entity, id));

    public void Call(string operation, IReadOnlyDictionary<string, object?> with) =>
        Writes.Add(new PlannedWrite(Step, "call", operation, "", [.. with.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new PlannedField(f.Key, null, f.Value))]));

    private void Touch(string entity, string id)
    {
        if (!_touched.TryGetValue(entity, out var list)) _touched[entity] = list = [];
        list.Add(id);
    }
}

using System.Globalization;
using WorkflowEngine.Simulators.Salesforce.Schema;
using WorkflowEngine.Simulators.Time;

namespace WorkflowEngine.Simulators.Salesforce;

/// <summary>All records of the org, their indexes, and the undo log of the call that runs.</summary>
internal sealed class OrgState
{
    private readonly SimulatorClock _clock;
    private readonly int _seed;
    private readonly Dictionary<string, OrgRecord> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OrgRecord>> _byObject = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Object, string Field), Dictionary<string, List<OrgRecord>>> _indexes = [];
    private readonly Dictionary<string, long> _counters = new(StringComparer.Ordinal);
    private readonly List<Step> _steps = [];
    private readonly bool _personAccounts;

    public OrgState(SimulatorClock clock, SimulatorOptions options)
    {
        _clock = clock;
        _seed = options.Seed;
        _personAccounts = options.PersonAccounts;
        Schema = new OrgSchema(Now, _personAccounts);
        Seed();
    }

    /// <summary>Told what a finished call has changed, in order.</summary>
    public Action<IReadOnlyList<RecordChange>>? Changed { get; set; }

    public OrgSchema Schema { get; private set; }

    /// <summary>Stamps have a resolution of one second.</summary>
    public DateTimeOffset Now => new(_clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);

    /// <summary>The user all calls run as.</summary>
    public string IntegrationUser { get; private set; } = "";

    public string OrganizationId { get; private set; } = "";

    public bool PersonAccounts => _personAccounts;

    public void Clear()
    {
        _byId.Clear();
        _byObject.Clear();
        _indexes.Clear();
        _counters.Clear();
        _steps.Clear();
        Schema = new OrgSchema(Now, _personAccounts);
        Seed();
    }

    public OrgRecord? Find(string id) => _byId.GetValueOrDefault(id);

    public IReadOnlyList<OrgRecord> All(ObjectDefinition definition) => _byObject.TryGetValue(definition.Name, out var list) ? list : [];

    /// <summary>Records with this value in an indexed field, deleted ones included; null when the field has no index.</summary>
    public IReadOnlyList<OrgRecord>? WithValue(ObjectDefinition definition, FieldDefinition field, object value)
    {
        if (field.Type == "id")
        {
            return _byId.TryGetValue((string)value, out var record) && record.Definition == definition ? [record] : [];
        }

        return !field.Indexed ? null
            : _indexes.TryGetValue((definition.Name, field.Name), out var index) && index.TryGetValue(Key(value), out var list) ? list : [];
    }

    /// <summary>Living records that an upsert or a unique key means by this value, by the field's rule of case.</summary>
    public List<OrgRecord> Matches(ObjectDefinition definition, FieldDefinition field, object value) =>
        [.. (WithValue(definition, field, value) ?? All(definition)).Where(r => !r.IsDeleted && Same(field, r[field], value))];

    public static bool Same(FieldDefinition field, object? a, object b) => a is string x && b is string y
        ? string.Equals(x, y, field.IsId || !field.IgnoresCase ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase) : Equals(a, b);

    public OrgRecord Create(ObjectDefinition definition, Dictionary<string, object?> values, TimeSpan invisibleFor)
    {
        var number = _counters[definition.Name] = _counters.GetValueOrDefault(definition.Name) + 1;
        // The seed moves the whole range, so that two orgs do not share ids.
        var record = new OrgRecord(definition, RecordId.Make(definition.KeyPrefix, ((long)_seed * 14_776_336) + number)) { VisibleAt = _clock.GetUtcNow() + invisibleFor };
        _byId.Add(record.Id, record);
        if (!_byObject.TryGetValue(definition.Name, out var list))
        {
            _byObject[definition.Name] = list = [];
        }

        list.Add(record);
        void Undo()
        {
            Set(record, record.Values.Keys.Where(k => k != "Id").ToDictionary(k => k, _ => (object?)null));
            _byId.Remove(record.Id);
            list.Remove(record);
        }

        _steps.Add(new Step(Undo, new RecordChange(record, ChangeKind.Create, values, new Dictionary<string, object?>())));
        Set(record, values);
        return record;
    }

    public void Update(OrgRecord record, IReadOnlyDictionary<string, object?> values)
    {
        var before = values.Keys.ToDictionary(k => k, k => record.Values.GetValueOrDefault(k));
        _steps.Add(new Step(() => Set(record, before), new RecordChange(record, ChangeKind.Update, values, before)));
        Set(record, values);
    }

    public void MarkDeleted(OrgRecord record, bool deleted)
    {
        var before = record.IsDeleted;
        var kind = deleted ? ChangeKind.Delete : ChangeKind.Undelete;
        _steps.Add(new Step(() => record.IsDeleted = before, new RecordChange(record, kind, new Dictionary<string, object?>(), new Dictionary<string, object?>())));
        record.IsDeleted = deleted;
    }

    /// <summary>Takes a record out of the recycle bin for good.</summary>
    public void Purge(OrgRecord record)
    {
        Set(record, record.Values.Keys.Where(k => k != "Id").ToDictionary(k => k, _ => (object?)null));
        _byId.Remove(record.Id);
        _byObject[record.Definition.Name].Remove(record);
    }

    public int Savepoint() => _steps.Count;

    public void RollbackTo(int savepoint)
    {
        for (var i = _steps.Count - 1; i >= savepoint; i--)
        {
            var step = _steps[i];
            _steps.RemoveRange(i, _steps.Count - i);
            step.Undo();
            _steps.RemoveRange(i, _steps.Count - i);
        }
    }

    /// <summary>Ends a call: what it did stays, and whoever listens is told.</summary>
    public void Commit()
    {
        if (_steps.Count == 0)
        {
            return;
        }

        RecordChange[] changes = [.. _steps.Select(s => s.Change)];
        _steps.Clear();
        Changed?.Invoke(changes);
    }

    public void RemoveField(ObjectDefinition definition, FieldDefinition field)
    {
        foreach (var record in All(definition))
        {
            record.Values.Remove(field.Name);
        }

        _indexes.Remove((definition.Name, field.Name));
        definition.Remove(field);
        definition.ChangedAt = Now;
    }

    private static string Key(object value) => value switch
    {
        string text => text.ToUpperInvariant(),
        decimal number => number.ToString("G29", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private void Set(OrgRecord record, IReadOnlyDictionary<string, object?> values)
    {
        foreach (var (name, value) in values)
        {
            var field = record.Definition.Find(name);
            if (field is { Indexed: true })
            {
                Index(record, field, record.Values.GetValueOrDefault(name), value);
            }

            if (value is null)
            {
                record.Values.Remove(name);
            }
            else
            {
                record.Values[name] = value;
            }
        }
    }

    private void Index(OrgRecord record, FieldDefinition field, object? before, object? after)
    {
        if (Equals(before, after))
        {
            return;
        }

        if (!_indexes.TryGetValue((record.Definition.Name, field.Name), out var index))
        {
            _indexes[(record.Definition.Name, field.Name)] = index = new(StringComparer.Ordinal);
        }

        if (before is not null && index.TryGetValue(Key(before), out var old))
        {
            old.Remove(record);
            if (old.Count == 0)
            {
                index.Remove(Key(before));
            }
        }

        if (after is not null)
        {
            if (!index.TryGetValue(Key(after), out var list))
            {
                index[Key(after)] = list = [];
            }

            list.Add(record);
        }
    }

    private void Seed()
    {
        OrganizationId = Create(
            Schema.Find("Organization")!,
            Stamped(new() { ["Name"] = "Demo Home Services", ["InstanceName"] = "SIM1", ["OrganizationType"] = "Developer Edition", ["IsSandbox"] = false }),
            TimeSpan.Zero).Id;
        IntegrationUser = OrgSeed.Plant(this, Stamped);
        _steps.Clear();
    }

    private Dictionary<string, object?> Stamped(Dictionary<string, object?> values)
    {
        foreach (var stamp in (string[])["CreatedDate", "LastModifiedDate", "SystemModstamp"])
        {
            values[stamp] = Now;
        }

        return values;
    }

    private sealed record Step(Action Undo, RecordChange Change);
}

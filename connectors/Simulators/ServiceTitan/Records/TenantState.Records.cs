using System.Globalization;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <content>The records of the kinds that need no class of their own.</content>
internal sealed partial class TenantState
{
    private readonly Dictionary<string, RecordSet> _records = RecordKinds.All.ToDictionary(k => k.Name, k => new RecordSet(k));

    public IEnumerable<RecordSet> Tables => _records.Values;

    /// <summary>Told of what the vendor sends webhooks for.</summary>
    public Action<string, Record>? Happened { get; set; }

    public RecordSet Of(string kind) => _records[kind];

    public RecordSet? Known(string kind) => _records.GetValueOrDefault(kind);

    public Record? Find(string kind, long id) => _records[kind].Rows.Find(id);

    /// <summary>Whether an id names something, whatever its state.</summary>
    public bool Exists(string kind, long id) => kind switch
    {
        "customers" => Customers.Has(id),
        "locations" => Locations.Has(id),
        "tagTypes" => TagTypes.Has(id),
        _ => _records[kind].Rows.Has(id),
    };

    public Record Add(RecordKind kind, IEnumerable<KeyValuePair<string, object?>> values, TimeSpan invisibleFor = default, long? id = null)
    {
        var record = new Record { Id = id ?? NextId(), Kind = kind };
        _nextId = Math.Max(_nextId, record.Id);
        record.CreatedOn = record.ModifiedOn = Now;
        foreach (var (name, value) in values)
        {
            switch (name)
            {
                case "id":
                    break;
                case "active":
                    record.Active = value is not false;
                    break;
                case "createdOn":
                    record.CreatedOn = value as DateTimeOffset? ?? Now;
                    break;
                case "modifiedOn":
                    record.ModifiedOn = value as DateTimeOffset? ?? Now;
                    break;
                default:
                    record.Values[name] = value;
                    break;
            }
        }

        _records[kind.Name].Add(record, Now, invisibleFor);
        return record;
    }

    public void Change(Record record, params (string Name, object? Value)[] values) => Change(record, values.Select(v => KeyValuePair.Create(v.Name, v.Value)));

    public void Change(Record record, IEnumerable<KeyValuePair<string, object?>> values)
    {
        var given = values.ToList();
        if (given.Find(v => v.Key == "active") is { Value: bool active })
        {
            record.Active = active;
        }

        _records[record.Kind.Name].Set(record, given.Where(v => v.Key is not ("id" or "active" or "createdOn" or "modifiedOn")));
        Touch(record);
    }

    public void Touch(Record record)
    {
        record.ModifiedOn = Later(record.ModifiedOn);
        _records[record.Kind.Name].Rows.Changed(record, Now);
    }

    public IReadOnlyList<Record> AppointmentsOf(Record job) => [.. Of("appointments").By("jobId", job.Id).Where(a => a.Active).OrderBy(a => a.Id)];

    public IReadOnlyList<Record> ItemsOf(Record invoice) => [.. Of("invoiceItems").By("invoiceId", invoice.Id).Where(i => i.Active).OrderBy(i => i.Id)];

    public string CustomFieldName(long typeId) => Find("customFieldTypes", typeId)?.Text("name") ?? string.Create(CultureInfo.InvariantCulture, $"Custom field {typeId}");

    /// <summary>The type of custom fields with this name; made where there is none.</summary>
    public long CustomFieldType(string owner, string name) => Of("customFieldTypes").Rows.All.FirstOrDefault(t => t.Text("owner") == owner && t.Text("name") == name)?.Id
        ?? Add(SettingsKinds.CustomFieldTypes, new Dictionary<string, object?> { ["owner"] = owner, ["name"] = name, ["dataType"] = "Text" }).Id;

    /// <summary>What belonged to the loser of a merge belongs to the survivor.</summary>
    private void MoveRecords(string member, long from, long to)
    {
        foreach (var table in _records.Values.Where(t => t.HasIndex(member)))
        {
            foreach (var record in table.By(member, from).ToList())
            {
                Change(record, (member, to));
            }
        }
    }

    private void ClearRecords()
    {
        foreach (var table in _records.Values)
        {
            table.Clear();
        }
    }
}

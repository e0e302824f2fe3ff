using System.Globalization;
using System.Text.Json;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Records as people enter and change them: sparse, without the rules of the API, ids as numbers or as text.</summary>
internal sealed class PeopleRecords(TenantState state, JobProgress progress)
{
    /// <summary>Told after a record was entered or changed, so that totals and balances follow.</summary>
    public Action<Record>? Entered { get; set; }

    public Record Add(RecordKind kind, JsonElement given)
    {
        var values = Read(kind, given);
        var id = values.Remove("id", out var own) ? own as long? : null;
        if (id is { } taken && state.Exists(kind.Name, taken))
        {
            throw new ArgumentException($"{kind.Name} {taken} exists.");
        }

        var record = Enter(kind, values, given, id);
        Fields(record, given);
        Entered?.Invoke(record);
        return record;
    }

    public void Change(Record record, JsonElement given)
    {
        var values = Read(record.Kind, given);
        Fields(record, given);
        if (record.Kind == AccountingKinds.Invoices && values.Remove("items", out var items))
        {
            foreach (var old in state.ItemsOf(record))
            {
                state.Change(old, ("active", false));
            }

            AddItems(record, items);
        }

        state.Change(record, values);
        Entered?.Invoke(record);
    }

    private Record Enter(RecordKind kind, Dictionary<string, object?> values, JsonElement given, long? id)
    {
        if (kind == JobKinds.Jobs)
        {
            var visits = given.TryGetProperty("appointments", out var list) && list.ValueKind is JsonValueKind.Array
                ? list.EnumerateArray().Select(v => Visit(v)).ToList() : [];
            return progress.Book(values, visits, TimeSpan.Zero, id);
        }

        values.Remove("items", out var items);
        var record = state.Add(kind, values, TimeSpan.Zero, id);
        if (kind == AccountingKinds.Invoices)
        {
            AddItems(record, items);
        }

        return record;
    }

    private void AddItems(Record invoice, object? items)
    {
        var order = 0;
        foreach (var item in (items as IEnumerable<object?> ?? []).OfType<Dictionary<string, object?>>())
        {
            var values = new Dictionary<string, object?>(item) { ["invoiceId"] = invoice.Id };
            values.TryAdd("order", (long)++order);
            values.Remove("id", out var own);
            var line = state.Add(AccountingKinds.InvoiceItems, values, TimeSpan.Zero, own as long?);
            Entered?.Invoke(line);
        }
    }

    private static Dictionary<string, object?> Visit(JsonElement given)
    {
        var values = Read(JobKinds.Appointments.Settable, given);
        if (given.TryGetProperty("technicianIds", out var technicians) && technicians.ValueKind is JsonValueKind.Array)
        {
            values["technicianIds"] = technicians.EnumerateArray().Select(t => (object?)Id("technicianIds", t)).ToList();
        }

        return values;
    }

    private static Dictionary<string, object?> Read(RecordKind kind, JsonElement given) => Read(kind.Settable, given);

    private static Dictionary<string, object?> Read(IEnumerable<Member> members, JsonElement given)
    {
        if (given.ValueKind is not JsonValueKind.Object)
        {
            throw new ArgumentException("A record is an object.");
        }

        var known = members.Where(m => m.Kind is not (MemberKind.Custom or MemberKind.Named or MemberKind.External)).ToDictionary(m => m.Name);
        var values = new Dictionary<string, object?>();
        foreach (var property in given.EnumerateObject())
        {
            if (known.TryGetValue(property.Name, out var member))
            {
                values[property.Name] = Value(member, property.Value);
            }
            else if (property.Name is not ("customFields" or "externalData" or "appointments" or "technicianIds"))
            {
                throw new ArgumentException($"There is no member {property.Name}; known are {string.Join(", ", known.Keys)}.");
            }
        }

        return values;
    }

    private static object? Value(Member member, JsonElement value)
    {
        try
        {
            return (member.Kind, value.ValueKind) switch
            {
                (_, JsonValueKind.Null) => null,
                (MemberKind.Id or MemberKind.Integer, _) => Id(member.Name, value),
                (MemberKind.Money or MemberKind.Decimal, JsonValueKind.String) => decimal.Parse(value.GetString()!, CultureInfo.InvariantCulture),
                (MemberKind.Money or MemberKind.Decimal, _) => value.GetDecimal(),
                (MemberKind.Real, _) => value.GetDouble(),
                (MemberKind.Flag, _) => value.GetBoolean(),
                (MemberKind.Time, _) => ListQuery.TryInstant(value.GetString()!, out var at) ? at : throw new FormatException(),
                (MemberKind.List, _) => value.EnumerateArray().Select(i => Value(member.Item!, i)).ToList(),
                (MemberKind.Object, _) => Read(member.Members, value),
                (_, JsonValueKind.Number) => value.GetRawText(),
                _ => value.GetString(),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or OverflowException)
        {
            throw new ArgumentException($"{member.Name} is a {member.Kind}, not {value.GetRawText()}.", e);
        }
    }

    private static long Id(string name, JsonElement value) => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? number
        : value.ValueKind is JsonValueKind.String && long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out number) ? number
        : throw new ArgumentException($"{name} is a whole number, not {value.GetRawText()}.");

    /// <summary>Custom fields by name or type (<c>[{ name, value }]</c>, an unknown name makes a type), external data as the API takes it.</summary>
    private void Fields(Record record, JsonElement given)
    {
        if (given.TryGetProperty("customFields", out var fields) && fields.ValueKind is JsonValueKind.Array)
        {
            record.CustomFields.Clear();
            foreach (var field in fields.EnumerateArray())
            {
                var name = field.TryGetProperty("name", out var n) ? n.GetString() : null;
                var type = field.TryGetProperty("typeId", out var t) ? Id("typeId", t) : TypeOf(record.Kind.Name, name ?? throw new ArgumentException("A custom field needs a name or a typeId."));
                record.CustomFields[type] = field.GetProperty("value").ToString();
            }
        }

        if (given.TryGetProperty("externalData", out var data) && data.ValueKind is JsonValueKind.Object)
        {
            record.ExternalData.Set(
                data.GetProperty("applicationGuid").GetGuid(),
                data.GetProperty("externalData").EnumerateArray().Select(p => (p.GetProperty("key").GetString()!, p.GetProperty("value").GetString())), merge: true);
        }
    }

    public long TypeOf(string owner, string name) => state.CustomFieldType(owner, name);
}

using System.Text.Json;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Rows.Objects;
using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Rows;

/// <summary>Creates, updates, upserts and deletes single rows by the org's rules. A row that fails leaves nothing behind.</summary>
internal sealed class RecordWriter(OrgState state, CallStatistics statistics, ParentLocks locks, OrgPolicies policies)
{
    private readonly RowReader _reader = new(state);
    private readonly RowChecks _checks = new(state);

    /// <summary>Null <paramref name="existing"/> creates. <paramref name="preset"/> is the external id of an upsert.</summary>
    public RowResult Save(WriteContext context, ObjectDefinition definition, JsonElement row, OrgRecord? existing, (FieldDefinition Field, object Value)? preset = null)
    {
        if (Struck(context, definition, row, existing, preset) is { } struck)
        {
            return RowResult.Failed(struck);
        }

        Dictionary<string, object?> values = new(StringComparer.Ordinal);
        var errors = _reader.ReadFields(definition, row, existing, values);
        if (preset is { } key && existing is null)
        {
            values[key.Field.Name] = key.Value;
        }

        if (errors.Count > 0)
        {
            return RowResult.Failed([.. errors]);
        }

        var change = new RowChange(state, this, context, definition, existing, values);
        var rules = ObjectRules.Of(definition.Name);
        rules.Prepare(change);
        RowChecks.Required(definition, existing, values, errors);
        _checks.References(definition, values, errors);
        if (errors.Count == 0)
        {
            _checks.Unique(context, definition, existing, values, errors);
        }

        if (errors.Count == 0 && policies.Duplicate(change) is { } duplicate)
        {
            errors.Add(duplicate);
        }

        if (errors.Count > 0)
        {
            return RowResult.Failed([.. errors]);
        }

        var parents = values.Where(v => v.Value is string && v.Key is not ("OwnerId" or "RecordTypeId") && definition.Find(v.Key)?.Type == "reference").Select(v => (string)v.Value!);
        if (locks.Take(context, existing is null ? parents : parents.Append(existing.Id)) is { } held)
        {
            return RowResult.Failed(LockError(held));
        }

        var savepoint = state.Savepoint();
        if (existing is null)
        {
            Defaults(definition, values);
            policies.Assign(change);
        }

        if (rules.Before(change) is { } refused)
        {
            return RowResult.Failed(refused);
        }

        foreach (var kept in definition.Fields.Where(f => f.DigitsOf is not null && change.Sets(f.DigitsOf)))
        {
            values[kept.Name] = change.Text(kept.DigitsOf!) is { } text && string.Concat(text.Where(char.IsAsciiDigit)) is { Length: > 0 } digits ? digits : null;
        }

        var record = existing is null ? Create(context, definition, values) : Update(existing, values);
        if (policies.Violated(record) is { } violated)
        {
            state.RollbackTo(savepoint);
            return RowResult.Failed(violated);
        }

        rules.After(change, record);
        statistics.CountRow($"{definition.Name}.{(existing is null ? "created" : "updated")}");
        return new RowResult(record.Id, existing is null, []);
    }

    /// <summary>A record the platform makes by itself.</summary>
    public OrgRecord Make(WriteContext context, string type, Dictionary<string, object?> values)
    {
        var definition = state.Schema.Find(type)!;
        Defaults(definition, values);
        var change = new RowChange(state, this, context, definition, null, values);
        var rules = ObjectRules.Of(type);
        rules.Before(change);
        var record = Create(context, definition, values);
        rules.After(change, record);
        return record;
    }

    /// <summary>A change the platform makes by itself: only the system's stamp moves.</summary>
    public void Touch(OrgRecord record, Dictionary<string, object?> values)
    {
        values["SystemModstamp"] = state.Now;
        state.Update(record, values);
    }

    /// <summary>Upsert by an external id whose value is already read.</summary>
    public RowResult Upsert(WriteContext context, ObjectDefinition definition, FieldDefinition field, object value, JsonElement row)
    {
        var matches = state.Matches(definition, field, value);
        return matches.Count > 1
            ? new RowResult(null, false, []) { Several = matches }
            : Save(context, definition, row, matches.Count == 1 ? matches[0] : null, field.Name == "Id" ? null : (field, value));
    }

    public RowResult Delete(WriteContext context, string id)
    {
        if (Find(id, out var record) is { } missing)
        {
            return RowResult.Failed(missing);
        }

        if (context.RowFault(name => FieldValues.Text(record!.Values.GetValueOrDefault(name))) is { } rule)
        {
            return RowResult.Failed(FaultError(rule, id));
        }

        DeleteWithChildren(record!);
        return new RowResult(record!.Id, false, []);
    }

    /// <summary>Takes a record out of the recycle bin, with what went there because of it. Null, or why not.</summary>
    public RowError? Undelete(string id)
    {
        if (RecordId.Normalize(id) is not { } full || state.Find(full) is not { } record)
        {
            return new RowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [], 404);
        }

        if (!record.IsDeleted || record.Text("MasterRecordId") is not null)
        {
            return new RowError("UNDELETE_FAILED", "Entity is not in the recycle bin", []);
        }

        var stamp = record.Values.GetValueOrDefault("SystemModstamp");
        Restore(record);
        foreach (var (child, field) in state.Schema.Children(record.Definition).Where(c => c.Field.CascadeDelete).ToList())
        {
            foreach (var row in state.WithValue(child, field, record.Id)!.Where(r => r.IsDeleted && Equals(r.Values.GetValueOrDefault("SystemModstamp"), stamp)).ToList())
            {
                Restore(row);
            }
        }

        return null;
    }

    private void Restore(OrgRecord record)
    {
        state.MarkDeleted(record, false);
        state.Update(record, new Dictionary<string, object?> { ["SystemModstamp"] = state.Now });
        statistics.CountRow($"{record.Definition.Name}.undeleted");
    }

    /// <summary>The living record of an id, or the vendor's word why there is none.</summary>
    public RowError? Find(string id, out OrgRecord? record, ObjectDefinition? expected = null)
    {
        record = null;
        if (RecordId.Normalize(id) is not { } full)
        {
            return new RowError("MALFORMED_ID", $"bad id {(id.Length <= 80 ? id : id[..80])}", [], 400);
        }

        record = state.Find(full);
        return record is null || (expected is not null && record.Definition != expected)
            ? new RowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [], 404)
            : record.IsDeleted ? new RowError("ENTITY_IS_DELETED", "entity is deleted", [], 404) : null;
    }

    private static RowError LockError(string id) =>
        new("UNABLE_TO_LOCK_ROW", $"unable to obtain exclusive access to this record or 1 records: {id}", []);

    private static RowError FaultError(FaultRule rule, string id) => rule.Kind is FaultKind.RowLock
        ? LockError(id) : new RowError(rule.Code ?? "FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.Message ?? "The record was refused.", [], rule.Status ?? 400);

    private static RowError? Struck(
        WriteContext context, ObjectDefinition definition, JsonElement row, OrgRecord? existing, (FieldDefinition Field, object Value)? preset)
    {
        var rule = context.RowFault(name =>
            preset is { } key && key.Field.Name.Equals(name, StringComparison.OrdinalIgnoreCase) ? FieldValues.Text(key.Value)
            : row.TryGetProperty(name, out var v) ? v.ValueKind is JsonValueKind.String ? v.GetString() : v.GetRawText()
            : existing is not null && definition.Find(name) is { } field ? FieldValues.Text(existing[field]) : null);
        return rule is null ? null : FaultError(rule, existing?.Id ?? "<unknown>");
    }

    private void Defaults(ObjectDefinition definition, Dictionary<string, object?> values)
    {
        foreach (var field in definition.Fields)
        {
            if (field.Default is not null && !values.ContainsKey(field.Name))
            {
                values[field.Name] = field.Default;
            }
        }

        if (definition.Find("OwnerId") is not null && values.GetValueOrDefault("OwnerId") is null)
        {
            values["OwnerId"] = state.IntegrationUser;
        }
    }

    private OrgRecord Create(WriteContext context, ObjectDefinition definition, Dictionary<string, object?> values)
    {
        var now = state.Now;
        (values["CreatedDate"], values["CreatedById"]) = (now, state.IntegrationUser);
        Stamp(values, now);
        var record = state.Create(definition, Stored(definition, values), context.InvisibleFor);
        context.MadeHere.Add(record.Id);
        return record;
    }

    private OrgRecord Update(OrgRecord existing, Dictionary<string, object?> values)
    {
        Stamp(values, state.Now);
        state.Update(existing, Stored(existing.Definition, values));
        return existing;
    }

    private static Dictionary<string, object?> Stored(ObjectDefinition definition, Dictionary<string, object?> values) =>
        values.Where(v => definition.FindAny(v.Key) is not { WriteOnly: true }).ToDictionary(StringComparer.Ordinal);

    private void Stamp(Dictionary<string, object?> values, DateTimeOffset now) =>
        (values["LastModifiedDate"], values["LastModifiedById"], values["SystemModstamp"]) = (now, state.IntegrationUser, now);

    private void DeleteWithChildren(OrgRecord record)
    {
        state.MarkDeleted(record, true);
        state.Update(record, new Dictionary<string, object?> { ["SystemModstamp"] = state.Now });
        statistics.CountRow($"{record.Definition.Name}.deleted");
        foreach (var (child, field) in state.Schema.Children(record.Definition).ToList())
        {
            if (!field.Updateable && !field.CascadeDelete)
            {
                continue;
            }

            foreach (var row in state.WithValue(child, field, record.Id)!.Where(r => !r.IsDeleted).ToList())
            {
                if (field.CascadeDelete)
                {
                    DeleteWithChildren(row);
                }
                else
                {
                    state.Update(row, new Dictionary<string, object?> { [field.Name] = null });
                }
            }
        }

        ObjectRules.Of(record.Definition.Name).Deleted(state, this, record);
    }
}

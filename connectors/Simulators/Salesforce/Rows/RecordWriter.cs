using System.Text.Json;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Rows;

/// <summary>Creates, updates, upserts and deletes single rows by the org's rules. A row that fails leaves nothing behind.</summary>
internal sealed class RecordWriter(OrgState state, CallStatistics statistics, ParentLocks locks)
{
    /// <summary>Null <paramref name="existing"/> creates. <paramref name="preset"/> is the external id of an upsert.</summary>
    public RowResult Save(WriteContext context, ObjectDefinition definition, JsonElement row, OrgRecord? existing, (FieldDefinition Field, object Value)? preset = null)
    {
        if (Struck(context, definition, row, existing, preset) is { } struck)
        {
            return RowResult.Failed(struck);
        }

        Dictionary<string, object?> values = new(StringComparer.Ordinal);
        var errors = ReadFields(definition, row, existing, values);
        if (preset is { } key && existing is null)
        {
            values[key.Field.Name] = key.Value;
        }

        if (errors.Count > 0)
        {
            return RowResult.Failed([.. errors]);
        }

        CheckRequired(definition, existing, values, errors);
        CheckReferences(definition, values, errors);
        if (errors.Count == 0)
        {
            CheckUnique(context, definition, existing, values, errors);
        }

        if (errors.Count > 0)
        {
            return RowResult.Failed([.. errors]);
        }

        var parents = values.Where(v => v.Value is string && v.Key != "OwnerId" && definition.Find(v.Key)?.Type == "reference").Select(v => (string)v.Value!);
        if (locks.Take(context, existing is null ? parents : parents.Append(existing.Id)) is { } held)
        {
            return RowResult.Failed(LockError(held));
        }

        return existing is null ? Create(context, definition, values) : Update(existing, values);
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

    private List<RowError> ReadFields(ObjectDefinition definition, JsonElement row, OrgRecord? existing, Dictionary<string, object?> values)
    {
        List<RowError> errors = [];
        List<string> readOnly = [];
        foreach (var property in row.EnumerateObject())
        {
            if (property.Name is "attributes" || property.Name.Equals("Id", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (definition.Find(property.Name) is { } field)
            {
                if (existing is null ? !field.Createable : !field.Updateable)
                {
                    readOnly.Add(field.Name);
                }
                else if (FieldValues.Read(field, property.Value, out var value) is { } error)
                {
                    errors.Add(error);
                }
                else
                {
                    values[field.Name] = value;
                }
            }
            else if (definition.FindRelationship(property.Name) is { } reference && property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Null)
            {
                if (ReadParent(reference, property.Value, values) is { } error)
                {
                    errors.Add(error);
                }
            }
            else
            {
                errors.Add(new RowError("INVALID_FIELD", $"No such column '{property.Name}' on sobject of type {definition.Name}", []));
            }
        }

        if (readOnly.Count > 0)
        {
            errors.Add(new RowError(
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                $"Unable to create/update fields: {string.Join(", ", readOnly)}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.",
                readOnly));
        }

        return errors;
    }

    /// <summary>A parent named by one of its external ids, with or without attributes.</summary>
    private RowError? ReadParent(FieldDefinition reference, JsonElement parent, Dictionary<string, object?> values)
    {
        if (parent.ValueKind is JsonValueKind.Null)
        {
            values[reference.Name] = null;
            return null;
        }

        var type = parent.TryGetProperty("attributes", out var attributes) && attributes.ValueKind is JsonValueKind.Object
            && attributes.TryGetProperty("type", out var t) && t.ValueKind is JsonValueKind.String ? t.GetString()! : reference.ReferenceTo[0];
        var keys = parent.EnumerateObject().Where(p => p.Name != "attributes").ToList();
        if (state.Schema.Find(type) is not { } target || keys.Count != 1 || target.Find(keys[0].Name) is not { } field || !(field.ExternalId || field.IdLookup))
        {
            return new RowError("INVALID_FIELD", $"No such column '{(keys.Count == 0 ? "" : keys[0].Name)}' on sobject of type {type}", []);
        }

        if (FieldValues.Read(field, keys[0].Value, out var value) is { } error)
        {
            return error;
        }

        var matches = value is null ? [] : state.Matches(target, field, value);
        if (matches.Count == 1)
        {
            values[reference.Name] = matches[0].Id;
            return null;
        }

        return matches.Count == 0
            ? new RowError("INVALID_FIELD", $"Foreign key external ID: {FieldValues.Text(value)} not found for field {field.Name} in entity {target.Name}", [])
            : new RowError("DUPLICATE_EXTERNAL_ID", $"Foreign key external ID: {FieldValues.Text(value)} found more than once for field {field.Name} in entity {target.Name}", []);
    }

    private static void CheckRequired(ObjectDefinition definition, OrgRecord? existing, Dictionary<string, object?> values, List<RowError> errors)
    {
        var missing = definition.Fields.Where(f => existing is null
            ? f.RequiredOnCreate && values.GetValueOrDefault(f.Name) is null
            : !f.Nillable && f.Updateable && values.TryGetValue(f.Name, out var v) && v is null).Select(f => f.Name).ToList();
        if (missing.Count > 0)
        {
            errors.Add(new RowError("REQUIRED_FIELD_MISSING", $"Required fields are missing: [{string.Join(", ", missing)}]", missing));
        }
    }

    private void CheckReferences(ObjectDefinition definition, Dictionary<string, object?> values, List<RowError> errors)
    {
        foreach (var (name, value) in values)
        {
            if (value is not string id || definition.Find(name) is not { Type: "reference" } field)
            {
                continue;
            }

            var target = state.Find(id);
            if (target is null)
            {
                errors.Add(state.Schema.OfId(id) is { } kind && field.ReferenceTo.Contains(kind.Name, StringComparer.OrdinalIgnoreCase)
                    ? new RowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [])
                    : new RowError("MALFORMED_ID", $"{field.Label}: id value of incorrect type: {id}", [field.Name]));
            }
            else if (!field.ReferenceTo.Contains(target.Definition.Name, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add(new RowError("FIELD_INTEGRITY_EXCEPTION", $"{field.Label}: id value of incorrect type: {id}", [field.Name]));
            }
            else if (target.IsDeleted)
            {
                errors.Add(new RowError("ENTITY_IS_DELETED", "entity is deleted", []));
            }
            else if (name == "OwnerId" && target.Values.GetValueOrDefault("IsActive") is false)
            {
                errors.Add(new RowError("INACTIVE_OWNER_OR_USER", $"operation performed with inactive user [{id[..15]}] as owner of {definition.Label.ToLowerInvariant()}", []));
            }
        }
    }

    private void CheckUnique(WriteContext context, ObjectDefinition definition, OrgRecord? existing, Dictionary<string, object?> values, List<RowError> errors)
    {
        foreach (var (name, value) in values)
        {
            if (value is not null && definition.Find(name) is { Unique: true } field
                && state.Matches(definition, field, value).FirstOrDefault(r => r != existing) is { } other)
            {
                var id = context.MadeHere.Contains(other.Id) ? "<unknown>" : other.Id[..15];
                errors.Add(new RowError("DUPLICATE_VALUE", $"duplicate value found: {field.Name} duplicates value on record with id: {id}", []));
            }
        }
    }

    private RowResult Create(WriteContext context, ObjectDefinition definition, Dictionary<string, object?> values)
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

        var now = state.Now;
        (values["CreatedDate"], values["CreatedById"]) = (now, state.IntegrationUser);
        Stamp(values, now);
        DerivedFields.Set(state, definition, null, values);
        var record = state.Create(definition, values, context.InvisibleFor);
        context.MadeHere.Add(record.Id);
        statistics.CountRow($"{definition.Name}.created");
        return new RowResult(record.Id, true, []);
    }

    private RowResult Update(OrgRecord existing, Dictionary<string, object?> values)
    {
        DerivedFields.Set(state, existing.Definition, existing, values);
        Stamp(values, state.Now);
        state.Update(existing, values);
        statistics.CountRow($"{existing.Definition.Name}.updated");
        return new RowResult(existing.Id, false, []);
    }

    private void Stamp(Dictionary<string, object?> values, DateTimeOffset now) =>
        (values["LastModifiedDate"], values["LastModifiedById"], values["SystemModstamp"]) = (now, state.IntegrationUser, now);

    private void DeleteWithChildren(OrgRecord record)
    {
        state.MarkDeleted(record, true);
        state.Update(record, new Dictionary<string, object?> { ["SystemModstamp"] = state.Now });
        statistics.CountRow($"{record.Definition.Name}.deleted");
        foreach (var (child, field) in state.Schema.Children(record.Definition).ToList())
        {
            if (!field.Updateable)
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
    }
}

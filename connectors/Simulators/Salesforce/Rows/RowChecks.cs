using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Rows;

/// <summary>What every object asks of its rows: required fields, parents that exist, unique values.</summary>
internal sealed class RowChecks(OrgState state)
{
    public static void Required(ObjectDefinition definition, OrgRecord? existing, Dictionary<string, object?> values, List<RowError> errors)
    {
        var missing = definition.Fields.Where(f => existing is null
            ? f.RequiredOnCreate && values.GetValueOrDefault(f.Name) is null
            : !f.Nillable && f.Updateable && values.TryGetValue(f.Name, out var v) && v is null).Select(f => f.Name).ToList();
        if (missing.Count > 0)
        {
            errors.Add(new RowError("REQUIRED_FIELD_MISSING", $"Required fields are missing: [{string.Join(", ", missing)}]", missing));
        }
    }

    public void References(ObjectDefinition definition, Dictionary<string, object?> values, List<RowError> errors)
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
                errors.Add(state.Schema.OfId(id) is { } kind && field.PointsAt(kind)
                    ? new RowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [])
                    : new RowError("MALFORMED_ID", $"{field.Label}: id value of incorrect type: {id}", [field.Name]));
            }
            else if (!field.PointsAt(target.Definition))
            {
                errors.Add(new RowError("FIELD_INTEGRITY_EXCEPTION", $"{field.Label}: id value of incorrect type: {id}", [field.Name]));
            }
            else if (name == "OwnerId" && target.Definition.Name == "Group" && target.Text("Type") != "Queue")
            {
                errors.Add(new RowError("FIELD_INTEGRITY_EXCEPTION", "Queue not associated with this object", [field.Name]));
            }
            else if (target.Definition.Name == "RecordType" && target.Text("SobjectType") is { } of && of != definition.Name && name == "RecordTypeId")
            {
                errors.Add(new RowError("INVALID_CROSS_REFERENCE_KEY", $"Record Type ID: this ID value isn't valid for the user: {id}", [field.Name]));
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

    public void Unique(WriteContext context, ObjectDefinition definition, OrgRecord? existing, Dictionary<string, object?> values, List<RowError> errors)
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
}

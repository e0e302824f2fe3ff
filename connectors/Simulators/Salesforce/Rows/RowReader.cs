using System.Text.Json;
using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Rows;

/// <summary>Reads the JSON of a row as values of its object's fields.</summary>
internal sealed class RowReader(OrgState state)
{
    public List<RowError> ReadFields(ObjectDefinition definition, JsonElement row, OrgRecord? existing, Dictionary<string, object?> values)
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
}

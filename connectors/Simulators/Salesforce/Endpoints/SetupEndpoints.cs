using System.Text.Json;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Rows;
using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Endpoints;

/// <summary>Custom fields and objects: by the Tooling API, and by <c>/_setup</c> for demos and tests. Also <c>/_people</c>: what people do in the org.</summary>
internal sealed class SetupEndpoints(OrgState state, RecordWriter writer, RecordMerger merger, OrgPolicies policies, SimulatorOptions options)
{
    public Answer? Handle(SimulatorRequest request) => (request.Method, request.Segments) switch
    {
        ("POST", ["_setup", "fields"]) => AddFields(request),
        ("DELETE", ["_setup", "fields", var type, var name]) => RemoveField(type, name),
        ("POST", ["_setup", "objects"]) => AddObject(request),
        ("POST", ["_setup", "requires"]) => AddRequired(request),
        ("POST", ["_setup", "duplicateRules" or "validationRules" or "assignmentRules"]) => AddPolicy(request, request.Segments[1]),
        ("POST", ["_people", "merge"]) => Merge(request),
        ("POST", ["_people", "undelete", var id]) => Undelete(request, id),
        ("DELETE", ["_people", "recycleBin"]) => EmptyBin(),
        ("POST", ["_people", var type]) => Create(request, type),
        ("PATCH", ["_people", _, var id]) => Edit(request, id),
        ("DELETE", ["_people", _, var id]) => Delete(request, id),
        _ => null,
    };

    /// <summary><c>POST …/tooling/sobjects/CustomField</c>: <c>FullName</c> and <c>Metadata</c>.</summary>
    public Answer CreateCustomField(SimulatorRequest request)
    {
        request.Kind = "tooling.createField";
        if (!request.TryReadJson(out var body) || body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty("FullName", out var full)
            || full.ValueKind is not JsonValueKind.String || full.GetString()!.Split('.') is not [var type, var name] || !body.TryGetProperty("Metadata", out var metadata))
        {
            throw SalesforceErrors.Refuse(400, "FIELD_INTEGRITY_EXCEPTION", "FullName and Metadata are needed: Object.Field__c");
        }

        if (TryAdd(type, name, metadata, out var field, hidden: options.FieldSecurity) is { } problem)
        {
            throw SalesforceErrors.Refuse(400, problem.Duplicate ? "DUPLICATE_DEVELOPER_NAME" : "FIELD_INTEGRITY_EXCEPTION", problem.Message, ["FullName"]);
        }

        return Answer.Json(201, w =>
        {
            w.WriteStartObject();
            w.WriteString("id", field!.DurableId);
            w.WriteBoolean("success", true);
            w.WriteStartArray("errors");
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    public Answer DeleteCustomField(SimulatorRequest request, string id)
    {
        request.Kind = "tooling.deleteField";
        foreach (var definition in state.Schema.Objects)
        {
            if (definition.AllFields.FirstOrDefault(f => f.DurableId is not null && f.DurableId == RecordId.Normalize(id)) is { } field)
            {
                state.RemoveField(definition, field);
                return Answer.Empty(204);
            }
        }

        throw SalesforceErrors.NotFound();
    }

    /// <summary>Null when the field stands now, made or found with the same name.</summary>
    public string? Add(string type, string name, JsonElement description)
    {
        var problem = TryAdd(type, name, description, out _);
        return problem is null || problem.Value.Duplicate ? null : problem.Value.Message;
    }

    /// <summary>A template's <c>requires</c> block: objects, and under each its fields. What exists is left alone.</summary>
    public string? AddRequired(JsonElement requires)
    {
        if (requires.ValueKind is not JsonValueKind.Object || requires.EnumerateObject().Any(o => o.Value.ValueKind is not JsonValueKind.Object))
        {
            return "Expected an object of objects: { \"Account\": { \"Key__c\": { \"type\": \"text\" } } }.";
        }

        // Objects first: a field may refer to any of them.
        foreach (var definition in requires.EnumerateObject().Where(o => state.Schema.Find(o.Name) is null))
        {
            if (!IsObjectName(definition.Name))
            {
                return $"'{definition.Name}' is neither a standard object known here nor a custom object's name.";
            }

            state.Schema.AddCustomObject(definition.Name, state.Now);
        }

        foreach (var definition in requires.EnumerateObject())
        {
            foreach (var field in definition.Value.EnumerateObject())
            {
                if (Add(definition.Name, field.Name, field.Value) is { } problem)
                {
                    return problem;
                }
            }
        }

        return null;
    }

    private static bool IsObjectName(string name) => name.EndsWith("__c", StringComparison.Ordinal) && name.Length is > 4 and <= 43
        && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private (string Message, bool Duplicate)? TryAdd(string type, string name, JsonElement description, out FieldDefinition? field, bool hidden = false)
    {
        field = null;
        if (state.Schema.Find(type) is not { } definition)
        {
            return ($"There is no object '{type}'.", false);
        }

        if (definition.FindAny(name) is not null)
        {
            return ($"There is already a field named {name} on {definition.Name}.", true);
        }

        if (CustomFields.Read(name, description, out var problem) is not { } read)
        {
            return (problem, false);
        }

        if (read.ReferenceTo.FirstOrDefault(t => state.Schema.Find(t) is null) is { } unknown)
        {
            return ($"The reference '{name}' points at '{unknown}', which does not exist.", false);
        }

        field = state.Schema.AddField(definition, read with { NeedsGrant = hidden }, state.Now);
        // A custom field of contacts is one of person accounts too, under another ending.
        if (state.PersonAccounts && definition.Name == "Contact" && state.Schema.Find("Account") is { } accounts && accounts.FindAny($"{name[..^3]}__pc") is null)
        {
            state.Schema.AddField(accounts, read with { Name = $"{name[..^3]}__pc", Unique = false, ExternalId = false }, state.Now);
        }

        if (hidden)
        {
            definition.Grant(field, read: false, edit: false);
        }

        return null;
    }

    private Answer AddFields(SimulatorRequest request)
    {
        if (!request.TryReadJson(out var root))
        {
            return ControlEndpoints.Problem(400, "The body is no JSON.");
        }

        foreach (var given in root.ValueKind is JsonValueKind.Array ? root.EnumerateArray().ToList() : [root])
        {
            if (given.ValueKind is not JsonValueKind.Object || !given.TryGetProperty("object", out var type) || type.ValueKind is not JsonValueKind.String
                || !given.TryGetProperty("name", out var name) || name.ValueKind is not JsonValueKind.String)
            {
                return ControlEndpoints.Problem(400, "Expected { object, name, type, … } or a list of them.");
            }

            if (Add(type.GetString()!, name.GetString()!, given) is { } problem)
            {
                return ControlEndpoints.Problem(400, problem);
            }
        }

        return Answer.Empty(204);
    }

    private Answer RemoveField(string type, string name)
    {
        if (state.Schema.Find(type) is not { } definition || definition.Find(name) is not { Custom: true } field)
        {
            return ControlEndpoints.Problem(404, "There is no such custom field.");
        }

        state.RemoveField(definition, field);
        return Answer.Empty(204);
    }

    private Answer AddObject(SimulatorRequest request)
    {
        if (!request.TryReadJson(out var body) || body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty("name", out var name)
            || name.ValueKind is not JsonValueKind.String || !IsObjectName(name.GetString()!))
        {
            return ControlEndpoints.Problem(400, "Expected { \"name\": \"Thing__c\" }.");
        }

        if (state.Schema.Find(name.GetString()!) is null)
        {
            state.Schema.AddCustomObject(name.GetString()!, state.Now);
        }

        return Answer.Empty(204);
    }

    private Answer AddRequired(SimulatorRequest request) => !request.TryReadJson(out var root)
        ? ControlEndpoints.Problem(400, "The body is no JSON.")
        : AddRequired(root) is { } problem ? ControlEndpoints.Problem(400, problem) : Answer.Empty(204);

    private Answer Create(SimulatorRequest request, string type)
    {
        if (!request.TryReadJson(out var root) || state.Schema.Find(type) is not { } definition
            || (root.ValueKind is JsonValueKind.Array ? root.EnumerateArray().Any(e => e.ValueKind is not JsonValueKind.Object) : root.ValueKind is not JsonValueKind.Object))
        {
            return ControlEndpoints.Problem(400, "One record or a list of records of a known object is expected.");
        }

        List<string> ids = [];
        foreach (var row in root.ValueKind is JsonValueKind.Array ? root.EnumerateArray().ToList() : [root])
        {
            var result = writer.Save(new WriteContext(request, TimeSpan.Zero), definition, row, null);
            if (!result.Success)
            {
                return SalesforceErrors.List(400, result.Errors);
            }

            ids.Add(result.Id!);
        }

        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("ids");
            ids.ForEach(w.WriteStringValue);
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    private Answer Edit(SimulatorRequest request, string id)
    {
        if (!request.TryReadJson(out var row) || row.ValueKind is not JsonValueKind.Object)
        {
            return ControlEndpoints.Problem(400, "A record is expected.");
        }

        var error = writer.Find(id, out var record);
        var result = error is null ? writer.Save(new WriteContext(request, TimeSpan.Zero), record!.Definition, row, record) : RowResult.Failed(error);
        return result.Success ? Answer.Empty(204) : SalesforceErrors.List(result.Errors[0].Status, result.Errors);
    }

    private Answer Delete(SimulatorRequest request, string id)
    {
        var result = writer.Delete(new WriteContext(request, TimeSpan.Zero), id);
        return result.Success ? Answer.Empty(204) : SalesforceErrors.List(result.Errors[0].Status, result.Errors);
    }

    private Answer AddPolicy(SimulatorRequest request, string kind)
    {
        if (!request.TryReadJson(out var root))
        {
            return ControlEndpoints.Problem(400, "The body is no JSON.");
        }

        return policies.Add(kind, root) is { } problem ? ControlEndpoints.Problem(400, problem) : Answer.Empty(204);
    }

    private Answer Merge(SimulatorRequest request)
    {
        string? Id(string name) => request.TryReadJson(out var b) && b.ValueKind is JsonValueKind.Object && b.TryGetProperty(name, out var v)
            && v.ValueKind is JsonValueKind.String ? v.GetString() : null;
        if (Id("keep") is not { } keep || Id("remove") is not { } remove)
        {
            return ControlEndpoints.Problem(400, "Expected { keep, remove } with ids of two living Accounts, Contacts, Leads or Cases.");
        }

        var result = merger.Merge(new WriteContext(request, TimeSpan.Zero), keep, [remove], new Dictionary<string, string?>(), byPeople: true);
        return result.Error is { } error ? ControlEndpoints.Problem(400, $"{error.Code}: {error.Message}") : Answer.Empty(204);
    }

    private Answer Undelete(SimulatorRequest request, string id) =>
        writer.Undelete(id) is { } error ? SalesforceErrors.List(400, [error]) : Answer.Empty(204);

    private Answer EmptyBin()
    {
        foreach (var definition in state.Schema.Objects)
        {
            foreach (var record in state.All(definition).Where(r => r.IsDeleted).ToList())
            {
                state.Purge(record);
            }
        }

        return Answer.Empty(204);
    }
}

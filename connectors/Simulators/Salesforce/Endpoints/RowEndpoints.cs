using System.Text.Json;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Rows;
using WorkflowEngine.Simulators.Salesforce.Schema;
using WorkflowEngine.Simulators.Salesforce.Soql;

namespace WorkflowEngine.Simulators.Salesforce.Endpoints;

/// <summary><c>/sobjects/{type}/…</c>: one record at a time.</summary>
internal sealed class RowEndpoints(OrgState state, RecordWriter writer, Func<SimulatorRequest, WriteContext> newContext, TimeProvider clock)
{
    public Answer Create(SimulatorRequest request, string version, string type)
    {
        request.Kind = "rows.create";
        var (definition, body) = (Object(type), Body(request));
        if (body.EnumerateObject().Any(p => p.Name.Equals("Id", StringComparison.OrdinalIgnoreCase)))
        {
            throw SalesforceErrors.Refuse(400, "INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call", ["Id"]);
        }

        request.Rows = 1;
        var result = writer.Save(newContext(request), definition, body, null);
        return Saved(result, version, definition, 201, withCreated: false);
    }

    public Answer Get(SimulatorRequest request, string version, string type, string id)
    {
        request.Kind = "rows.get";
        var definition = Object(type);
        if (RecordId.Normalize(id) is null)
        {
            throw SalesforceErrors.NotFound($"Provided external ID field does not exist or is not accessible: {Short(id)}");
        }

        if (writer.Find(id, out var record, definition) is { } error)
        {
            throw error.Code == "ENTITY_IS_DELETED" ? SalesforceErrors.Refuse(404, error.Code, error.Message, []) : SalesforceErrors.NotFound();
        }

        return Record(request, version, record!);
    }

    public Answer GetByKey(SimulatorRequest request, string version, string type, string field, string value)
    {
        request.Kind = "rows.getByKey";
        var definition = Object(type);
        var key = Key(definition, field);
        var matches = state.Matches(definition, key, KeyValue(key, value)).Where(r => r.VisibleAt <= clock.GetUtcNow()).ToList();
        return matches.Count switch
        {
            0 => throw SalesforceErrors.NotFound(),
            1 => Record(request, version, matches[0]),
            _ => Several(version, matches),
        };
    }

    public Answer Update(SimulatorRequest request, string version, string type, string id)
    {
        request.Kind = "rows.update";
        var (definition, body) = (Object(type), Body(request));
        RefuseInBody(body, "Id");
        if (RecordId.Normalize(id) is null)
        {
            throw SalesforceErrors.Refuse(404, "NOT_FOUND", $"Provided external ID field does not exist or is not accessible: {Short(id)}");
        }

        if (writer.Find(id, out var record, definition) is { } error)
        {
            throw error.Code == "INVALID_CROSS_REFERENCE_KEY" ? SalesforceErrors.NotFound() : SalesforceErrors.Refuse(error.Status, error.Code, error.Message, []);
        }

        request.Rows = 1;
        var result = writer.Save(newContext(request), definition, body, record);
        return result.Success ? Answer.Empty(204) : SalesforceErrors.List(result.Errors[0].Status, result.Errors);
    }

    public Answer Upsert(SimulatorRequest request, string version, string type, string field, string value)
    {
        request.Kind = "rows.upsert";
        var (definition, body) = (Object(type), Body(request));
        var key = Key(definition, field);
        RefuseInBody(body, "Id");
        RefuseInBody(body, key.Name);
        var read = KeyValue(key, value);
        if (request.Value("updateOnly") == "true" && state.Matches(definition, key, read).Count == 0)
        {
            throw SalesforceErrors.NotFound();
        }

        request.Rows = 1;
        var result = writer.Upsert(newContext(request), definition, key, read, body);
        if (result.Several.Count > 0)
        {
            return Several(version, result.Several);
        }

        // Before 46.0 an update had no body.
        return Saved(result, version, definition, result.Created ? 201 : VersionNumber(version) < 46 ? 204 : 200, withCreated: VersionNumber(version) >= 46);
    }

    public Answer Delete(SimulatorRequest request, string type, string id)
    {
        request.Kind = "rows.delete";
        var definition = Object(type);
        if (writer.Find(id, out _, definition) is { } error)
        {
            throw SalesforceErrors.Refuse(404, error.Code == "MALFORMED_ID" ? "NOT_FOUND" : error.Code, error.Message, []);
        }

        request.Rows = 1;
        var result = writer.Delete(newContext(request), id);
        return result.Success ? Answer.Empty(204) : SalesforceErrors.List(result.Errors[0].Status, result.Errors);
    }

    public Answer DeleteByKey(SimulatorRequest request, string version, string type, string field, string value)
    {
        var definition = Object(type);
        var key = Key(definition, field);
        var matches = state.Matches(definition, key, KeyValue(key, value));
        return matches.Count switch
        {
            0 => throw SalesforceErrors.NotFound(),
            1 => Delete(request, type, matches[0].Id),
            _ => Several(version, matches),
        };
    }

    public ObjectDefinition Object(string type) => state.Schema.Find(type) ?? throw SalesforceErrors.NotFound();

    /// <summary>Fields that may name a record: custom external ids and the standard ones with idLookup.</summary>
    public static FieldDefinition Key(ObjectDefinition definition, string field) => definition.Find(field) is { } key && (key.ExternalId || key.IdLookup)
        ? key : throw SalesforceErrors.NotFound($"Provided external ID field does not exist or is not accessible: {Short(field)}");

    public static int VersionNumber(string version) =>
        int.TryParse(version.AsSpan(1, Math.Max(0, version.IndexOf('.', StringComparison.Ordinal) - 1)), out var number) ? number : 0;

    private static object KeyValue(FieldDefinition key, string value)
    {
        var json = key.IsNumber && decimal.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? JsonSerializer.SerializeToElement(number) : JsonSerializer.SerializeToElement(value);
        return FieldValues.Read(key, json, out var read) is { } error ? throw SalesforceErrors.Refuse(400, error.Code, error.Message, error.Fields)
            : read ?? throw SalesforceErrors.NotFound();
    }

    private static JsonElement Body(SimulatorRequest request) => !request.TryReadJson(out var body)
        ? throw SalesforceErrors.Refuse(400, "JSON_PARSER_ERROR", "Unexpected character or end of input at [line:1, column:1]")
        : body.ValueKind is JsonValueKind.Object ? body
        : throw SalesforceErrors.Refuse(400, "JSON_PARSER_ERROR", "The HTTP entity body must be a JSON object at [line:1, column:1]");

    private static void RefuseInBody(JsonElement body, string field)
    {
        if (body.EnumerateObject().Any(p => p.Name.Equals(field, StringComparison.OrdinalIgnoreCase)))
        {
            throw SalesforceErrors.Refuse(400, "INVALID_FIELD", $"The {field} field should not be specified in the sobject data.", [field]);
        }
    }

    private static Answer Saved(RowResult result, string version, ObjectDefinition definition, int status, bool withCreated) => !result.Success
        ? SalesforceErrors.List(result.Errors[0].Status, result.Errors)
        : status == 204 ? Answer.Empty(204)
        : Answer.Json(status, w => RecordJson.Result(w, result, withCreated)).With("Location", $"/services/data/{version}/sobjects/{definition.Name}/{result.Id}");

    private static Answer Several(string version, IReadOnlyList<OrgRecord> records) => Answer.Json(300, w =>
    {
        w.WriteStartArray();
        foreach (var record in records)
        {
            w.WriteStringValue(RecordJson.Url(version, record));
        }

        w.WriteEndArray();
    });

    private Answer Record(SimulatorRequest request, string version, OrgRecord record)
    {
        var now = clock.GetUtcNow();
        if (record.VisibleAt > now)
        {
            throw SalesforceErrors.NotFound();
        }

        var fields = request.Value("fields") is { } names
            ? names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Prepend("Id").Select(n => record.Definition.Find(n)
                ?? throw SalesforceErrors.Refuse(400, "INVALID_FIELD", $"No such column '{Short(n)}' on sobject of type {record.Definition.Name}")).ToList()
            : record.Definition.Fields.Where(f => !f.WriteOnly);
        request.Rows = 1;
        var json = new RecordJson(version, new SoqlRunner(state, now, true));
        return Answer.Json(200, w => json.Record(w, record, [.. fields.Select(f => new FieldPath([], f))], []));
    }

    private static string Short(string text) => text.Length <= 80 ? text : text[..80];
}

using System.Text.Json;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Rows;
using WorkflowEngine.Simulators.Salesforce.Schema;
using WorkflowEngine.Simulators.Salesforce.Soql;

namespace WorkflowEngine.Simulators.Salesforce.Endpoints;

/// <summary><c>/composite/sobjects…</c>: up to 200 rows in one call, one result for each, in the order of the rows.</summary>
internal sealed class CollectionEndpoints(OrgState state, RecordWriter writer, Func<SimulatorRequest, WriteContext> newContext, SimulatorOptions options, TimeProvider clock)
{
    private const int MostRows = 200;

    public Answer Create(SimulatorRequest request) => Write(request, "collections.create", (context, row) =>
        TypeOf(row, out var definition) is { } error ? RowResult.Failed(error)
        : IdOf(row) is not null ? RowResult.Failed(new RowError("INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call", ["Id"]))
        : writer.Save(context, definition!, row, null));

    public Answer Update(SimulatorRequest request) => Write(request, "collections.update", (context, row) =>
    {
        if (TypeOf(row, out var definition) is { } error)
        {
            return RowResult.Failed(error);
        }

        return IdOf(row) is not { } id ? RowResult.Failed(new RowError("MISSING_ARGUMENT", "Id not specified in an update call", ["Id"]))
            : writer.Find(id, out var record, definition) is { } missing ? RowResult.Failed(missing)
            : writer.Save(context, definition!, row, record);
    });

    public Answer Upsert(SimulatorRequest request, string type, string field)
    {
        request.Kind = "collections.upsert";
        var definition = state.Schema.Find(type) ?? throw SalesforceErrors.NotFound();
        var key = RowEndpoints.Key(definition, field);
        var (allOrNone, rows) = Rows(request);
        List<(object? Value, RowError? Error)> values = [.. rows.Select(r => Value(key, r))];
        // The same external id twice in one call fails both rows.
        var twice = values.Where(v => v.Value is not null).GroupBy(v => Normal(key, v.Value!)).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        return Run(request, "collections.upsert", allOrNone, rows, withCreated: true, (context, row, i) =>
        {
            var (value, error) = values[i];
            if (error is not null || (TypeOf(row, out var own) is null && own != definition))
            {
                return RowResult.Failed(error ?? new RowError("INVALID_TYPE", $"The row is no {definition.Name}.", []));
            }

            if (twice.Contains(Normal(key, value!)))
            {
                return RowResult.Failed(new RowError("DUPLICATE_VALUE", $"Duplicate external id specified: {FieldValues.Text(value)}", [key.Name]));
            }

            if (key.Name == "Id" && writer.Find((string)value!, out _, definition) is { } missing)
            {
                return RowResult.Failed(missing);
            }

            var result = writer.Upsert(context, definition, key, value!, Without(row, key.Name));
            return result.Several.Count == 0 ? result : RowResult.Failed(new RowError(
                "DUPLICATE_EXTERNAL_ID", $"{key.Name}: more than one record found for external id field: [{string.Join(", ", result.Several.Select(r => r.Id))}]", [key.Name]));
        });
    }

    public Answer Delete(SimulatorRequest request)
    {
        request.Kind = "collections.delete";
        var ids = (request.Value("ids") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        CheckCount(ids.Length);
        return Run(request, "collections.delete", request.Value("allOrNone") == "true", ids, withCreated: false, (context, id, _) => writer.Delete(context, id));
    }

    public Answer Get(SimulatorRequest request, string version, string type)
    {
        request.Kind = "collections.get";
        var definition = state.Schema.Find(type) ?? throw SalesforceErrors.NotFound();
        List<string> ids = [], names = [];
        if (request.Method == "POST")
        {
            if (!request.TryReadJson(out var body) || body.ValueKind is not JsonValueKind.Object)
            {
                throw Malformed();
            }

            ids.AddRange(Texts(body, "ids"));
            names.AddRange(Texts(body, "fields"));
        }
        else
        {
            ids.AddRange((request.Value("ids") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            names.AddRange((request.Value("fields") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }

        var fields = names.Prepend("Id").Select(n => new FieldPath([], definition.Find(n)
            ?? throw SalesforceErrors.Refuse(400, "INVALID_FIELD", $"No such column '{n}' on sobject of type {definition.Name}"))).ToList();
        var json = new RecordJson(version, new SoqlRunner(state, clock.GetUtcNow(), false));
        request.Rows = ids.Count;
        return Answer.Json(200, w =>
        {
            w.WriteStartArray();
            foreach (var id in ids)
            {
                if (writer.Find(id, out var record, definition) is null && record!.VisibleAt <= clock.GetUtcNow())
                {
                    json.Record(w, record, fields, []);
                }
                else
                {
                    w.WriteNullValue();
                }
            }

            w.WriteEndArray();
        });
    }

    private static IEnumerable<string> Texts(JsonElement body, string name) => body.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array
        ? list.EnumerateArray().Where(e => e.ValueKind is JsonValueKind.String).Select(e => e.GetString()!) : [];

    private static string Normal(FieldDefinition key, object value)
    {
        var text = FieldValues.Text(value)!;
        return key.IgnoresCase && !key.IsId ? text.ToUpperInvariant() : text;
    }

    private Answer Write(SimulatorRequest request, string kind, Func<WriteContext, JsonElement, RowResult> one)
    {
        request.Kind = kind;
        var (allOrNone, rows) = Rows(request);
        return Run(request, kind, allOrNone, rows, withCreated: false, (context, row, _) => one(context, row));
    }

    private Answer Run<T>(SimulatorRequest request, string kind, bool allOrNone, IReadOnlyList<T> rows, bool withCreated, Func<WriteContext, T, int, RowResult> one)
    {
        request.Kind = kind;
        request.Rows = rows.Count;
        var context = newContext(request);
        var savepoint = state.Savepoint();
        List<RowResult> results = [.. rows.Select((row, i) => one(context, row, i))];
        if (options.UnreadableRowFailsWholeCall
            && results.SelectMany(r => r.Errors).FirstOrDefault(e => e.Code is "JSON_PARSER_ERROR" || e.Message.StartsWith("No such column", StringComparison.Ordinal)) is { } unreadable)
        {
            state.RollbackTo(savepoint);
            return SalesforceErrors.Of(400, unreadable.Code, unreadable.Message);
        }

        if (allOrNone && results.Exists(r => !r.Success))
        {
            state.RollbackTo(savepoint);
            results = [.. results.Select(r => r.Success
                ? RowResult.Failed(new RowError("ALL_OR_NONE_OPERATION_ROLLED_BACK", "Record rolled back because not all records were valid and the request was using AllOrNone header", []))
                : r)];
        }

        return Answer.Json(200, w =>
        {
            w.WriteStartArray();
            results.ForEach(r => RecordJson.Result(w, r, withCreated));
            w.WriteEndArray();
        });
    }

    private static (bool AllOrNone, List<JsonElement> Rows) Rows(SimulatorRequest request)
    {
        if (!request.TryReadJson(out var body) || body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty("records", out var records)
            || records.ValueKind is not JsonValueKind.Array || records.EnumerateArray().Any(r => r.ValueKind is not JsonValueKind.Object))
        {
            throw Malformed();
        }

        CheckCount(records.GetArrayLength());
        return (body.TryGetProperty("allOrNone", out var all) && all.ValueKind is JsonValueKind.True, [.. records.EnumerateArray()]);
    }

    private static void CheckCount(int count)
    {
        if (count > MostRows)
        {
            throw SalesforceErrors.Refuse(400, "EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than 200 records into this call");
        }

        if (count == 0)
        {
            throw SalesforceErrors.Refuse(400, "REQUIRED_FIELD_MISSING", "records or ids are missing");
        }
    }

    private static Refusal Malformed() => SalesforceErrors.Refuse(400, "JSON_PARSER_ERROR", "Unexpected input: a list of records is expected at [line:1, column:1]");

    private RowError? TypeOf(JsonElement row, out ObjectDefinition? definition)
    {
        definition = null;
        var type = row.TryGetProperty("attributes", out var attributes) && attributes.ValueKind is JsonValueKind.Object
            && attributes.TryGetProperty("type", out var t) && t.ValueKind is JsonValueKind.String ? t.GetString() : null;
        definition = type is null ? null : state.Schema.Find(type);
        return definition is not null ? null : new RowError(
            "INVALID_TYPE", type is null ? "Include an 'attributes' object with a 'type' in every record." : $"sObject type '{type}' is not supported.", []);
    }

    private static string? IdOf(JsonElement row)
    {
        foreach (var property in row.EnumerateObject())
        {
            if (property.Name.Equals("Id", StringComparison.OrdinalIgnoreCase) && property.Value.ValueKind is JsonValueKind.String)
            {
                return property.Value.GetString();
            }
        }

        return null;
    }

    private static (object? Value, RowError? Error) Value(FieldDefinition key, JsonElement row)
    {
        foreach (var property in row.EnumerateObject())
        {
            if (property.Name.Equals(key.Name, StringComparison.OrdinalIgnoreCase))
            {
                var error = FieldValues.Read(key, property.Value, out var value);
                return value is null && error is null ? (null, Missing(key)) : (value, error);
            }
        }

        return (null, Missing(key));
    }

    private static RowError Missing(FieldDefinition key) => new("MISSING_ARGUMENT", $"{key.Name} not specified", [key.Name]);

    /// <summary>The row without its key, which is no field to be set.</summary>
    private static JsonElement Without(JsonElement row, string field)
    {
        var rest = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in row.EnumerateObject().Where(p => !p.Name.Equals(field, StringComparison.OrdinalIgnoreCase)))
        {
            rest[property.Name] = property.Value;
        }

        return JsonSerializer.SerializeToElement(rest);
    }
}

using System.Text.Json;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Rows;
using WorkflowEngine.Simulators.Salesforce.Schema;
using WorkflowEngine.Simulators.Salesforce.Soql;

namespace WorkflowEngine.Simulators.Salesforce.Bulk;

/// <summary>Carries out jobs: rows of an ingest one by one in transactions of two hundred, a query at once.</summary>
internal sealed class BulkRunner(OrgState state, RecordWriter writer, TimeProvider clock)
{
    private const int Chunk = 200;

    public void Run(BulkJob job, WriteContext context)
    {
        job.Changed = clock.GetUtcNow();
        try
        {
            if (job.Type == "V2Query")
            {
                Query(job);
            }
            else
            {
                Ingest(job, context);
            }
        }
        catch (Refusal refusal)
        {
            using var document = JsonDocument.Parse(refusal.Answer.Body);
            Fail(job, $"{document.RootElement[0].GetProperty("errorCode").GetString()}: {document.RootElement[0].GetProperty("message").GetString()}");
        }
    }

    /// <summary>A job that was stopped before it began has done none of its rows.</summary>
    public static void LeaveUndone(BulkJob job)
    {
        if (CsvText.Read(job.Data ?? "", job.Delimiter, job.Crlf, out _) is not { Count: > 0 } rows)
        {
            return;
        }

        job.Header = rows[0];
        job.Unprocessed.AddRange(rows.Skip(1));
    }

    private static void Fail(BulkJob job, string message) => (job.State, job.ErrorMessage) = ("Failed", message);

    private void Query(BulkJob job)
    {
        var now = clock.GetUtcNow();
        var query = SoqlParser.Parse(job.Query!, state.Schema, now);
        var runner = new SoqlRunner(state, now, job.Operation == "queryAll");
        job.Header = [.. query.Select.Select(p => string.Join('.', p.Parents.Select(r => r.RelationshipName).Append(p.Field.Name)))];
        foreach (var record in runner.Run(query))
        {
            job.Rows.Add([.. query.Select.Select(p => FieldValues.Text(runner.Value(record, p)))]);
        }

        job.State = "JobComplete";
    }

    private void Ingest(BulkJob job, WriteContext context)
    {
        var definition = state.Schema.Find(job.Entity)!;
        if (CsvText.Read(job.Data ?? "", job.Delimiter, job.Crlf, out var problem) is not { } rows)
        {
            Fail(job, problem);
            return;
        }

        if (rows.Count == 0)
        {
            Fail(job, "InvalidBatch : Failed to parse CSV header. The file is empty.");
            return;
        }

        job.Header = rows[0];
        rows.RemoveAt(0);
        if (job.Header.FirstOrDefault(h => !IsColumn(definition, h)) is { } unknown)
        {
            job.Unprocessed.AddRange(rows);
            Fail(job, $"InvalidBatch : Field name not found : {unknown}");
            return;
        }

        if (job.Operation is "delete" or "hardDelete" && job.Header is not [var only] | !"Id".Equals(job.Header[0], StringComparison.OrdinalIgnoreCase))
        {
            job.Unprocessed.AddRange(rows);
            Fail(job, "InvalidBatch : delete needs a file with the column Id alone");
            return;
        }

        foreach (var chunk in rows.Chunk(Chunk))
        {
            foreach (var row in chunk)
            {
                One(job, definition, context, row);
            }

            state.Commit();
        }

        // No order is promised.
        job.Successful.Reverse();
        job.State = "JobComplete";
    }

    private void One(BulkJob job, ObjectDefinition definition, WriteContext context, string[] row)
    {
        if (row.Length != job.Header.Length)
        {
            job.Failed.Add((null, "INVALID_BATCH:Row has another number of columns than the header:--", row));
            return;
        }

        var id = Column(job, row, "Id");
        var (result, named) = job.Operation switch
        {
            "insert" => (writer.Save(context, definition, Json(job, definition, row), null), null),
            "update" => (Update(context, definition, job, row, id), id),
            "upsert" => (Upsert(context, definition, job, row), id),
            _ => (writer.Find(id ?? "", out _, definition) is { } missing ? RowResult.Failed(missing) : writer.Delete(context, id!), id),
        };
        if (result.Success)
        {
            if (job.Operation == "hardDelete" && state.Find(result.Id!) is { } purged)
            {
                state.Commit();
                state.Purge(purged);
            }

            job.Successful.Add((result.Id!, result.Created, row));
            return;
        }

        var error = result.Several.Count > 0
            ? new RowError("DUPLICATE_EXTERNAL_ID", $"{job.ExternalId}: more than one record found for external id field: [{string.Join(", ", result.Several.Select(r => r.Id))}]", [job.ExternalId!])
            : result.Errors[0] is { Code: "JSON_PARSER_ERROR" } ? Unreadable(definition, job, row) : result.Errors[0];
        job.Failed.Add((named, $"{error.Code}:{error.Message}:{string.Join(", ", error.Fields)}{(error.Fields.Count > 0 ? " " : "")}--", row));
    }

    private RowResult Update(WriteContext context, ObjectDefinition definition, BulkJob job, string[] row, string? id) =>
        string.IsNullOrEmpty(id) ? RowResult.Failed(new RowError("MISSING_ARGUMENT", "Id not specified in an update call", ["Id"]))
        : writer.Find(id, out var record, definition) is { } missing ? RowResult.Failed(missing)
        : writer.Save(context, definition, Json(job, definition, row), record);

    private RowResult Upsert(WriteContext context, ObjectDefinition definition, BulkJob job, string[] row)
    {
        var key = definition.Find(job.ExternalId!)!;
        var text = Column(job, row, key.Name);
        if (string.IsNullOrEmpty(text))
        {
            return RowResult.Failed(new RowError("MISSING_ARGUMENT", $"{key.Name} not specified", [key.Name]));
        }

        return FieldValues.Read(key, JsonSerializer.SerializeToElement(text), out var value) is { } error ? RowResult.Failed(error)
            : key.Name == "Id" && writer.Find(text, out _, definition) is { } missing ? RowResult.Failed(missing)
            : writer.Upsert(context, definition, key, value!, Json(job, definition, row));
    }

    /// <summary>There is no JSON in a job: its rows name the value that is of another type.</summary>
    private static RowError Unreadable(ObjectDefinition definition, BulkJob job, string[] row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i].Length > 0 && row[i] != "#N/A" && definition.Find(job.Header[i]) is { } field && FieldValues.Read(field, JsonSerializer.SerializeToElement(row[i]), out _) is { Code: "JSON_PARSER_ERROR" })
            {
                return new RowError("INVALID_TYPE_ON_FIELD_IN_RECORD", $"{field.Name}: value not of required type: {row[i]}", [field.Name]);
            }
        }

        return new RowError("INVALID_TYPE_ON_FIELD_IN_RECORD", "value not of required type", []);
    }

    private static string? Column(BulkJob job, string[] row, string name) =>
        Array.FindIndex(job.Header, h => h.Equals(name, StringComparison.OrdinalIgnoreCase)) is var at and >= 0 ? row[at] : null;

    /// <summary>An empty value says nothing, <c>#N/A</c> empties, <c>Parent.Key__c</c> names a parent by its key.</summary>
    private static JsonElement Json(BulkJob job, ObjectDefinition definition, string[] row)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < row.Length; i++)
        {
            var name = job.Header[i];
            if (row[i].Length == 0 || name.Equals("Id", StringComparison.OrdinalIgnoreCase) || (job.Operation == "upsert" && name.Equals(job.ExternalId, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            if (name.Split('.') is [var relationship, var field])
            {
                values[relationship] = new Dictionary<string, string> { [field] = row[i] };
            }
            else if (row[i] == "#N/A")
            {
                values[name] = null;
            }
            else
            {
                values[name] = definition.Find(name)?.Type != "boolean" ? row[i] : row[i] is "1" || row[i].Equals("true", StringComparison.OrdinalIgnoreCase);
            }
        }

        return JsonSerializer.SerializeToElement(values);
    }

    private static bool IsColumn(ObjectDefinition definition, string name) =>
        name.Split('.') is [var relationship, _] ? definition.FindRelationship(relationship) is not null : definition.Find(name) is not null;
}

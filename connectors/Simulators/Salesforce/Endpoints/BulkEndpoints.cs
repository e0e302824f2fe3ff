using System.Globalization;
using System.Text;
using System.Text.Json;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Bulk;
using WorkflowEngine.Simulators.Salesforce.Rows;
using WorkflowEngine.Simulators.Salesforce.Soql;

namespace WorkflowEngine.Simulators.Salesforce.Endpoints;

/// <summary><c>/jobs/ingest</c> and <c>/jobs/query</c>: Bulk API 2.0. A job that has been handed over is done after the set delay, seen at the next question.</summary>
internal sealed class BulkEndpoints(OrgState state, RecordWriter writer, Func<SimulatorRequest, WriteContext> newContext, SimulatorOptions options, TimeProvider clock)
{
    private static readonly Dictionary<string, char> Delimiters = new(StringComparer.Ordinal)
    {
        ["COMMA"] = ',', ["BACKQUOTE"] = '`', ["CARET"] = '^', ["PIPE"] = '|', ["SEMICOLON"] = ';', ["TAB"] = '\t',
    };

    // 150 MB once it is base64.
    private const int LargestUpload = 150 * 1024 * 1024 / 4 * 3;

    private readonly Dictionary<string, BulkJob> _jobs = new(StringComparer.Ordinal);
    private readonly BulkRunner _runner = new(state, writer, clock);
    private int _next;

    public void Clear() => _jobs.Clear();

    public Answer Handle(SimulatorRequest request, string version, string[] rest)
    {
        request.Kind = $"bulk.{rest[0]}";
        if (rest[0] is not ("ingest" or "query"))
        {
            throw SalesforceErrors.NotFound();
        }

        var type = rest[0] == "ingest" ? "V2Ingest" : "V2Query";
        switch (request.Method, rest[1..])
        {
            case ("POST", []): return Create(request, version, type);
            case ("GET", []): return List(version, type);
        }

        var job = rest.Length > 1 && _jobs.TryGetValue(rest[1], out var found) && found.Type == type ? found : throw SalesforceErrors.NotFound();
        Advance(request, job);
        request.Kind = $"bulk.{rest[0]}.{(rest.Length > 2 ? rest[2].ToUpperInvariant() switch { "BATCHES" => "upload", "RESULTS" => "results", _ => "rows" } : request.Method == "GET" ? "state" : "change")}";
        return (request.Method, rest.Length > 2 ? rest[2].ToUpperInvariant() : "") switch
        {
            ("GET", "") => Answer.Json(200, w => Info(w, job, version)),
            ("PATCH", "") => Change(request, job, version),
            ("DELETE", "") => Delete(job),
            ("PUT", "BATCHES") when type == "V2Ingest" => Upload(request, job),
            ("GET", "SUCCESSFULRESULTS") => Csv(job, ["sf__Id", "sf__Created", .. job.Header], job.Successful.Select(r => (string?[])[r.Id, r.Created ? "true" : "false", .. r.Row])),
            ("GET", "FAILEDRESULTS") => Csv(job, ["sf__Id", "sf__Error", .. job.Header], job.Failed.Select(r => (string?[])[r.Id, r.Error, .. r.Row])),
            ("GET", "UNPROCESSEDRECORDS") => Csv(job, job.Header, job.Unprocessed),
            ("GET", "RESULTS") when type == "V2Query" => Results(request, job, version),
            _ => throw SalesforceErrors.Refuse(405, "METHOD_NOT_ALLOWED", "HTTP Method not allowed."),
        };
    }

    private Answer Create(SimulatorRequest request, string version, string type)
    {
        if (!request.TryReadJson(out var body) || body.ValueKind is not JsonValueKind.Object || Text(body, "operation") is not { } operation)
        {
            throw SalesforceErrors.Refuse(400, "INVALIDJOB", "InvalidJob : Expecting JSON with operation.");
        }

        var (delimiter, ending) = (Text(body, "columnDelimiter") ?? "COMMA", Text(body, "lineEnding") ?? "LF");
        if (!Delimiters.TryGetValue(delimiter, out var sign) || ending is not ("LF" or "CRLF") || (Text(body, "contentType") ?? "CSV") != "CSV")
        {
            throw SalesforceErrors.Refuse(400, "INVALIDJOB", "InvalidJob : columnDelimiter, lineEnding or contentType is not known.");
        }

        string entity;
        var key = Text(body, "externalIdFieldName");
        if (type == "V2Ingest")
        {
            if (operation is not ("insert" or "update" or "upsert" or "delete" or "hardDelete") || Text(body, "object") is not { } name || state.Schema.Find(name) is not { } definition)
            {
                throw SalesforceErrors.Refuse(400, "INVALIDJOB", "InvalidJob : object and operation are needed.");
            }

            if (operation == "upsert" && (key is null || definition.Find(key) is not { } field || !(field.ExternalId || field.IdLookup)))
            {
                throw SalesforceErrors.Refuse(400, "INVALIDJOB", $"InvalidJob : Field name provided, {key} does not match an External ID for {definition.Name}");
            }

            entity = definition.Name;
        }
        else
        {
            if (operation is not ("query" or "queryAll") || Text(body, "query") is not { } text)
            {
                throw SalesforceErrors.Refuse(400, "INVALIDJOB", "InvalidJob : query and operation are needed.");
            }

            var query = SoqlParser.Parse(text, state.Schema, clock.GetUtcNow());
            if (query.Grouping is not null || query.Count || query.Children.Count > 0 || query.Offset > 0)
            {
                throw SalesforceErrors.Refuse(400, "API_ERROR", "Aggregates, OFFSET and sub-queries are not supported in a bulk query.");
            }

            entity = query.From.Name;
        }

        var job = new BulkJob(RecordId.Make("750", ++_next), type, operation, entity, clock.GetUtcNow())
        {
            Version = version, ExternalId = operation == "upsert" ? key : null, AssignmentRule = Text(body, "assignmentRuleId"), Query = Text(body, "query"), Delimiter = sign, DelimiterName = delimiter,
            Crlf = ending == "CRLF", State = type == "V2Query" ? "UploadComplete" : "Open",
        };
        _jobs[job.Id] = job;
        return Answer.Json(200, w => Info(w, job, version));
    }

    private static Answer Upload(SimulatorRequest request, BulkJob job)
    {
        if (job.State != "Open" || job.Data is not null)
        {
            throw SalesforceErrors.Refuse(400, "INVALIDJOBSTATE", job.State != "Open" ? $"Invalid job state: {job.State}" : "Found multiple contents for job: one upload per job.");
        }

        if (request.Body.Length > LargestUpload)
        {
            throw SalesforceErrors.Refuse(413, "EXCEEDED_MAX_SIZE_REQUEST", "The request body is larger than 150 MB.");
        }

        if (request.Header("Content-Type")?.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw SalesforceErrors.Refuse(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type text/csv is expected.");
        }

        job.Data = Encoding.UTF8.GetString(request.Body);
        return Answer.Empty(201);
    }

    private Answer Change(SimulatorRequest request, BulkJob job, string version)
    {
        var wish = request.TryReadJson(out var body) ? Text(body, "state") : null;
        var allowed = (wish, job.State) switch
        {
            ("UploadComplete", "Open") => job.Type == "V2Ingest",
            ("Aborted", "Open" or "UploadComplete" or "InProgress") => true,
            _ => false,
        };
        if (!allowed)
        {
            throw SalesforceErrors.Refuse(400, "INVALIDJOBSTATE", $"Invalid job state: {job.State} cannot become {wish}");
        }

        (job.State, job.Changed) = (wish!, clock.GetUtcNow());
        if (wish == "Aborted")
        {
            BulkRunner.LeaveUndone(job);
        }

        return Answer.Json(200, w => Info(w, job, version));
    }

    private Answer Delete(BulkJob job)
    {
        if (job.State is "Open" or "InProgress")
        {
            throw SalesforceErrors.Refuse(400, "INVALIDJOBSTATE", $"Invalid job state: {job.State}");
        }

        _jobs.Remove(job.Id);
        return Answer.Empty(204);
    }

    /// <summary>Time passes for a job only while somebody looks.</summary>
    private void Advance(SimulatorRequest request, BulkJob job)
    {
        if (job.State is not ("UploadComplete" or "InProgress"))
        {
            return;
        }

        if (clock.GetUtcNow() < job.Changed + options.BulkDelay)
        {
            job.State = "InProgress";
            return;
        }

        var inner = request.Part("POST", request.Target, name => name == "Sforce-Auto-Assign" ? job.AssignmentRule ?? "FALSE" : null, []);
        _runner.Run(job, newContext(inner));
        request.AfterSending += inner.AfterSending;
    }

    private Answer Results(SimulatorRequest request, BulkJob job, string version)
    {
        if (version != job.Version)
        {
            throw SalesforceErrors.Refuse(409, "VERSION_MISMATCH", "The results of a job are asked for with the version of the job.");
        }

        if (job.State != "JobComplete")
        {
            throw SalesforceErrors.Refuse(400, "INVALIDJOBSTATE", $"Invalid job state: {job.State}");
        }

        var from = 0;
        if (request.Value("locator") is { } locator && (!int.TryParse(Encoding.ASCII.GetString(Decode(locator)), NumberStyles.None, CultureInfo.InvariantCulture, out from) || from >= job.Rows.Count))
        {
            throw SalesforceErrors.Refuse(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
        }

        var most = int.TryParse(request.Value("maxRecords"), NumberStyles.None, CultureInfo.InvariantCulture, out var wish) && wish > 0 ? wish : 50_000;
        var page = job.Rows.Skip(from).Take(most).ToList();
        var next = from + page.Count < job.Rows.Count ? Convert.ToBase64String(Encoding.ASCII.GetBytes((from + page.Count).ToString(CultureInfo.InvariantCulture))) : "null";
        return Csv(job, job.Header, page).With("Sforce-Locator", next).With("Sforce-NumberOfRecords", page.Count.ToString(CultureInfo.InvariantCulture));
    }

    private static byte[] Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : [];
    }

    private static Answer Csv(BulkJob job, IEnumerable<string> header, IEnumerable<string?[]> rows)
    {
        var text = new StringBuilder();
        CsvText.Write(text, header, job.Delimiter, job.Crlf);
        foreach (var row in rows)
        {
            CsvText.Write(text, row, job.Delimiter, job.Crlf);
        }

        return Answer.Text(200, text.ToString(), "text/csv");
    }

    private Answer List(string version, string type) => Answer.Json(200, w =>
    {
        w.WriteStartObject();
        w.WriteBoolean("done", true);
        w.WriteStartArray("records");
        foreach (var job in _jobs.Values.Where(j => j.Type == type))
        {
            Info(w, job, version);
        }

        w.WriteEndArray();
        w.WriteNull("nextRecordsUrl");
        w.WriteEndObject();
    });

    private void Info(Utf8JsonWriter w, BulkJob job, string version)
    {
        w.WriteStartObject();
        w.WriteString("id", job.Id);
        w.WriteString("operation", job.Operation);
        w.WriteString("object", job.Entity);
        w.WriteString("createdById", state.IntegrationUser);
        FieldValues.Write(w, "createdDate", job.Created);
        FieldValues.Write(w, "systemModstamp", job.Changed);
        w.WriteString("state", job.State);
        if (job.ExternalId is not null)
        {
            w.WriteString("externalIdFieldName", job.ExternalId);
        }

        w.WriteString("concurrencyMode", "Parallel");
        w.WriteString("contentType", "CSV");
        w.WriteNumber("apiVersion", decimal.Parse(version.AsSpan(1), CultureInfo.InvariantCulture));
        w.WriteString("jobType", job.Type);
        if (job.Type == "V2Ingest")
        {
            w.WriteString("contentUrl", $"services/data/{version}/jobs/ingest/{job.Id}/batches");
        }

        w.WriteString("lineEnding", job.Crlf ? "CRLF" : "LF");
        w.WriteString("columnDelimiter", job.DelimiterName);
        if (job.ErrorMessage is not null)
        {
            w.WriteString("errorMessage", job.ErrorMessage);
        }

        if (job.State is not ("Open" or "UploadComplete"))
        {
            w.WriteNumber("numberRecordsProcessed", job.Processed);
            if (job.Type == "V2Ingest")
            {
                w.WriteNumber("numberRecordsFailed", job.Failed.Count);
            }

            w.WriteNumber("retries", 0);
            w.WriteNumber("totalProcessingTime", 0);
        }

        w.WriteEndObject();
    }

    private static string? Text(JsonElement o, string name) =>
        o.ValueKind is JsonValueKind.Object && o.TryGetProperty(name, out var v) && v.ValueKind is JsonValueKind.String && v.GetString() is { Length: > 0 } text ? text : null;
}

namespace WorkflowEngine.Simulators.Salesforce.Bulk;

/// <summary>One job of the Bulk API, of either kind.</summary>
internal sealed class BulkJob(string id, string type, string operation, string entity, DateTimeOffset created)
{
    public string Id => id;

    /// <summary><c>V2Ingest</c> or <c>V2Query</c>.</summary>
    public string Type => type;

    public string Operation => operation;

    public string Entity => entity;

    public DateTimeOffset Created { get; } = created;

    public DateTimeOffset Changed { get; set; } = created;

    public string Version { get; init; } = "";

    public string? ExternalId { get; init; }

    public string? AssignmentRule { get; init; }

    public string? Query { get; init; }

    public char Delimiter { get; init; } = ',';

    public string DelimiterName { get; init; } = "COMMA";

    public bool Crlf { get; init; }

    public string State { get; set; } = "Open";

    public string? ErrorMessage { get; set; }

    public string? Data { get; set; }

    public string[] Header { get; set; } = [];

    public List<(string Id, bool Created, string[] Row)> Successful { get; } = [];

    public List<(string? Id, string Error, string[] Row)> Failed { get; } = [];

    public List<string[]> Unprocessed { get; } = [];

    /// <summary>The lines of a finished query.</summary>
    public List<string?[]> Rows { get; } = [];

    public int Processed => Type == "V2Query" ? Rows.Count : Successful.Count + Failed.Count;
}

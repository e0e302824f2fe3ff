using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce.Writes;

/// <summary>The options of a write step as the vendor's headers. They are part of the batch's identity: all rows share them.</summary>
internal static class WriteHeaders
{
    public const string AssignmentRule = "assignmentRule";

    public const string DuplicateRule = "duplicateRule";

    public static Dictionary<string, string> Of(WriteBatch batch)
    {
        var headers = new Dictionary<string, string>();
        if (batch.Options.GetValueOrDefault(AssignmentRule) is { } rule)
        {
            headers["Sforce-Auto-Assign"] = rule switch
            {
                "none" => "FALSE",
                "default" => "TRUE",
                // An id; anything else could only break the header.
                _ => SalesforceIds.HasShape(rule) ? rule : "FALSE",
            };
        }

        if (batch.Options.GetValueOrDefault(DuplicateRule) is { } duplicates)
        {
            headers["Sforce-Duplicate-Rule-Header"] = duplicates == "allow" ? "allowSave=true" : "allowSave=false";
        }

        return headers;
    }
}

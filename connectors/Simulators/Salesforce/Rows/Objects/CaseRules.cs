using System.Globalization;

namespace WorkflowEngine.Simulators.Salesforce.Rows.Objects;

/// <summary>Cases: numbered, closed by their status, of the contact's account; <c>Comments</c> becomes a comment.</summary>
internal sealed class CaseRules : ObjectRules
{
    public override RowError? Before(RowChange row)
    {
        var closed = "Closed".Equals(row.Text("Status"), StringComparison.OrdinalIgnoreCase);
        if (closed != row.Flag("IsClosed"))
        {
            row.Values["ClosedDate"] = closed ? row.State.Now : null;
        }

        row.Values["IsClosed"] = closed;
        var contact = row.Parent("ContactId");
        if (row.IsNew)
        {
            row.Values["CaseNumber"] = (row.State.All(row.Definition).Count + 1_001).ToString("00000000", CultureInfo.InvariantCulture);
            if (row.Text("AccountId") is null)
            {
                row.Values["AccountId"] = contact?.Text("AccountId");
            }
        }

        if (row.IsNew || row.Sets("ContactId"))
        {
            (row.Values["ContactEmail"], row.Values["ContactPhone"]) = (contact?.Text("Email"), contact?.Text("Phone"));
            (row.Values["ContactMobile"], row.Values["ContactFax"]) = (contact?.Text("MobilePhone"), contact?.Text("Fax"));
        }

        return row.Existing is { } self && row.Text("ParentId") == self.Id
            ? new RowError("CIRCULAR_DEPENDENCY", $"attempt to violate hierarchy constraints: {self.Id}", ["ParentId"]) : null;
    }

    public override void After(RowChange row, OrgRecord record)
    {
        if (row.Values.GetValueOrDefault("Comments") is string comment)
        {
            row.Writer.Make(row.Context, "CaseComment", new() { ["ParentId"] = record.Id, ["CommentBody"] = comment, ["IsPublished"] = false });
        }
    }
}

namespace WorkflowEngine.Simulators.Salesforce.Rows.Objects;

/// <summary>A new campaign has the two statuses every campaign begins with.</summary>
internal sealed class CampaignRules : ObjectRules
{
    public override RowError? Before(RowChange row)
    {
        if (row.IsNew)
        {
            foreach (var count in (string[])["NumberOfLeads", "NumberOfContacts", "NumberOfResponses"])
            {
                row.Values[count] = 0m;
            }
        }

        return null;
    }

    public override void After(RowChange row, OrgRecord record)
    {
        if (!row.IsNew)
        {
            return;
        }

        Status("Sent", 1, isDefault: true, responded: false);
        Status("Responded", 2, isDefault: false, responded: true);

        void Status(string label, decimal order, bool isDefault, bool responded) => row.Writer.Make(row.Context, "CampaignMemberStatus", new()
        {
            ["CampaignId"] = record.Id, ["Label"] = label, ["SortOrder"] = order, ["IsDefault"] = isDefault, ["HasResponded"] = responded,
        });
    }
}

namespace WorkflowEngine.Simulators.Salesforce.Rows.Objects;

/// <summary>Statuses of a campaign: a label once, one default.</summary>
internal sealed class MemberStatusRules : ObjectRules
{
    public override RowError? Before(RowChange row) =>
        row.Rows("CampaignMemberStatus", "CampaignId", row.Text("CampaignId")).Any(s => s != row.Existing && s.Text("Label")!.Equals(row.Text("Label"), StringComparison.OrdinalIgnoreCase))
            ? new RowError("DUPLICATE_VALUE", $"duplicate value found: Label duplicates value on record of this campaign", ["Label"]) : null;

    public override void After(RowChange row, OrgRecord record)
    {
        if (row.Flag("IsDefault"))
        {
            foreach (var other in row.Rows("CampaignMemberStatus", "CampaignId", row.Text("CampaignId")).Where(s => s != record && s.Values.GetValueOrDefault("IsDefault") is true))
            {
                row.Writer.Touch(other, new() { ["IsDefault"] = false });
            }
        }
    }
}

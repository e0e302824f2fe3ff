namespace WorkflowEngine.Simulators.Salesforce.Rows.Objects;

/// <summary>Contact roles: one primary role per opportunity.</summary>
internal sealed class ContactRoleRules : ObjectRules
{
    public override void After(RowChange row, OrgRecord record)
    {
        if (!row.Flag("IsPrimary"))
        {
            return;
        }

        foreach (var other in row.Rows("OpportunityContactRole", "OpportunityId", row.Text("OpportunityId")).Where(r => r != record && r.Values.GetValueOrDefault("IsPrimary") is true))
        {
            row.Writer.Touch(other, new() { ["IsPrimary"] = false });
        }
    }
}

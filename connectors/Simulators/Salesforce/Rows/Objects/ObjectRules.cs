namespace WorkflowEngine.Simulators.Salesforce.Rows.Objects;

/// <summary>What the platform does by itself when a record of one object is written.</summary>
internal abstract class ObjectRules
{
    private static readonly ObjectRules Nothing = new NoRules();
    private static readonly Dictionary<string, ObjectRules> ByObject = new(StringComparer.Ordinal)
    {
        ["Account"] = new AccountRules(), ["Contact"] = new PersonNameRules(), ["User"] = new PersonNameRules(), ["Lead"] = new PersonNameRules(),
        ["Opportunity"] = new OpportunityRules(), ["OpportunityLineItem"] = new LineItemRules(), ["PricebookEntry"] = new PricebookEntryRules(),
        ["OpportunityContactRole"] = new ContactRoleRules(), ["Campaign"] = new CampaignRules(), ["CampaignMember"] = new CampaignMemberRules(),
        ["CampaignMemberStatus"] = new MemberStatusRules(), ["Case"] = new CaseRules(), ["Task"] = new TaskRules(),
        ["FieldPermissions"] = new FieldPermissionRules(), ["PermissionSetAssignment"] = new FieldPermissionRules(),
    };

    public static ObjectRules Of(string type) => ByObject.GetValueOrDefault(type, Nothing);

    /// <summary>Fills in what is required and can be known.</summary>
    public virtual void Prepare(RowChange row)
    {
    }

    /// <summary>Refuses the row, or derives its other values.</summary>
    public virtual RowError? Before(RowChange row) => null;

    /// <summary>Changes other records.</summary>
    public virtual void After(RowChange row, OrgRecord record)
    {
    }

    public virtual void Deleted(OrgState state, RecordWriter writer, OrgRecord record)
    {
    }

    private sealed class NoRules : ObjectRules;
}

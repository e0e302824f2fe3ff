namespace WorkflowEngine.Cli;

/// <summary>Records of Salesforce by type.</summary>
internal sealed record DemoCounts(int Accounts, int Contacts)
{
    public static DemoCounts Of(OfflineTwins twins) => new(twins.Salesforce.Records("Account", "Id").Count(), twins.Salesforce.Records("Contact", "Id").Count());

    public DemoCounts Minus(DemoCounts other) => new(Accounts - other.Accounts, Contacts - other.Contacts);
}

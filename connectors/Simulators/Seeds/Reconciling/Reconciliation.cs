using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Seeds.Reconciling;

/// <summary>
/// Both systems of the demonstration compared, record by record and to the cent: what people did is known, so what must stand on the other side is known too. Written from what the
/// templates promise to the people who deploy them, not from their files, and read from the systems themselves, not through a connector.
/// </summary>
public static class Reconciliation
{
    public static IReadOnlyList<Reconciled> Of(DemoWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        IReadOnlyList<Reconciled> result = [];
        work.ServiceTitan.Enter(tenant =>
        {
            var sides = new BothSides(work, tenant);
            result = [.. CustomersAgree.Check(sides), .. SalesAgree.Check(sides), .. JobsAgree.Check(sides), .. RevenueAgrees.Check(sides), .. MembershipsAgree.Check(sides), .. ComplaintsAgree.Check(sides)];
        });
        return result;
    }
}

/// <summary>What stands in both systems now.</summary>
internal sealed class BothSides(DemoWork work, TenantState tenant)
{
    /// <summary>The application under which the connection keeps its keys in ServiceTitan.</summary>
    public static readonly Guid Application = new(DemoScenario.ApplicationGuid);

    public DemoWork Work => work;

    public TenantState Tenant => tenant;

    public OrgRows Accounts { get; } = new(work, "Account", DemoScenario.CustomerKey, DemoScenario.ActiveFlag, "Name", "Phone", "BillingStreet", "BillingCity", "BillingState", "BillingPostalCode", "OwnerId", "ServiceTitan_Tags__c", "ServiceTitan_Segment__c", "ServiceTitan_Do_Not_Mail__c");

    public OrgRows Contacts { get; } = new(
        work, "Contact", DemoScenario.PersonKey, DemoScenario.ActiveFlag, "Email", "MobilePhone", "Phone", "ServiceTitan_Customer_Id__c",
        "ServiceTitan_Membership_Tier__c", "ServiceTitan_Membership_Status__c", "ServiceTitan_Membership_Start__c", "ServiceTitan_Membership_End__c");

    public OrgRows Opportunities { get; } = new(
        work, "Opportunity", "ServiceTitan_Job_Id__c", "AccountId", "StageName", "Amount", "CloseDate", "ServiceTitan_Job_Number__c", "ServiceTitan_Link__c", "ServiceTitan_Origin__c", "ServiceTitan_Status__c",
        "ServiceTitan_Job_Type__c", "ServiceTitan_Technicians__c", "ServiceTitan_Completed_On__c", "ServiceTitan_Invoice_Number__c", "ServiceTitan_Recalls__c", "ServiceTitan_Work_Notes__c");

    public OrgRows Invoices { get; } = new(
        work, "ServiceTitan_Invoice__c", "ServiceTitan_Invoice_Id__c", "Name", "ServiceTitan_Opportunity__c", "ServiceTitan_Account__c", "ServiceTitan_Invoice_Date__c", "ServiceTitan_Voided__c", "ServiceTitan_Revenue__c",
        "ServiceTitan_Tax__c", "ServiceTitan_Paid__c", "ServiceTitan_Refunded__c", "ServiceTitan_Balance__c");

    public OrgRows Members { get; } = new(work, "CampaignMember", "ServiceTitan_Enrolment_Key__c", "CampaignId", "ContactId", "Status", "ServiceTitan_Membership_Id__c", "ServiceTitan_Membership_End__c");

    public OrgRows Cases { get; } = new(work, "Case", "ServiceTitan_Job_Id__c", "ServiceTitan_Review_Id__c", "ServiceTitan_Rating__c", "Priority", "OwnerId", "AccountId", "Status");

    public OrgRows Entries { get; } = new(work, "ServiceTitan_Feedback__c", "ServiceTitan_Feedback_Key__c", "ServiceTitan_Rating__c", "ServiceTitan_Active__c", "ServiceTitan_Job_Id__c", "ServiceTitan_Case__c");

    /// <summary>The sale that is remembered with a job.</summary>
    public static string? SaleOf(Record job) => job.ExternalData.Of(Application).GetValueOrDefault("sfOpportunityId");

    /// <summary>The Account that ServiceTitan remembers with a customer.</summary>
    public static string? AccountOf(Customer customer) => customer.ExternalData.Of(Application).GetValueOrDefault("sfAccountId");
}

/// <summary>The living records of one kind, by the key that ties them to ServiceTitan.</summary>
internal sealed class OrgRows
{
    private readonly ILookup<string, IReadOnlyDictionary<string, string?>> _byKey;
    private readonly Dictionary<string, IReadOnlyDictionary<string, string?>> _byId;

    public OrgRows(DemoWork work, string type, string key, params string[] fields)
    {
        All = work.Salesforce.Records(type, ["Id", key, .. fields]);
        _byKey = All.Where(r => r[key] is not null).ToLookup(r => r[key]!);
        _byId = All.ToDictionary(r => r["Id"]!);
        Key = key;
    }

    public string Key { get; }

    public IReadOnlyList<IReadOnlyDictionary<string, string?>> All { get; }

    public IReadOnlyList<IReadOnlyDictionary<string, string?>> Of(string key) => [.. _byKey[key]];

    public IReadOnlyDictionary<string, string?>? Find(string? id) => id is null ? null : _byId.GetValueOrDefault(id);
}

using WorkflowEngine.Simulators.Seeds;

namespace WorkflowEngine.EndToEnd.Tests.World;

/// <summary>What the flow requires of the org.</summary>
internal static class Fields
{
    public static object Required { get; } = new
    {
        Account = new { ServiceTitan_Customer_Id__c = new { type = "text", length = 20, externalId = true, unique = true }, ServiceTitan_Active__c = new { type = "boolean" } },
        Contact = new { ServiceTitan_Person_Key__c = new { type = "text", length = 80, externalId = true, unique = true }, ServiceTitan_Active__c = new { type = "boolean" } },
    };

    /// <summary>An org with the fields and no records.</summary>
    public static void Prepare(Vendors vendors) => DemoScenario.Build(0, 1).Prepare(vendors.Salesforce);
}

using WorkflowEngine.Simulators.Seeds;

namespace WorkflowEngine.EndToEnd.Tests.World;

/// <summary>What the flow requires of the org.</summary>
internal static class Fields
{
    public static object Required { get; } = new
    {
        Account = new
        {
            ServiceTitan_Customer_Id__c = Key(20), ServiceTitan_Active__c = Flag, ServiceTitan_Do_Not_Mail__c = Flag, ServiceTitan_Do_Not_Service__c = Flag, ServiceTitan_Tags__c = Text(255),
            ServiceTitan_Segment__c = new { type = "picklist" },
        },
        Contact = new { ServiceTitan_Person_Key__c = Key(80), ServiceTitan_Customer_Id__c = Text(20), ServiceTitan_Active__c = Flag },
        ServiceTitan_Location__c = new
        {
            ServiceTitan_Location_Id__c = Key(20), ServiceTitan_Account__c = new { type = "reference", to = "Account" }, ServiceTitan_Street__c = Text(255), ServiceTitan_City__c = Text(80),
            ServiceTitan_Postal_Code__c = Text(20), ServiceTitan_Active__c = Flag,
        },
    };

    private static object Flag => new { type = "boolean" };

    private static object Key(int length) => new { type = "text", length, externalId = true, unique = true };

    private static object Text(int length) => new { type = "text", length };

    /// <summary>An org with the fields and no records.</summary>
    public static void Prepare(Vendors vendors) => DemoScenario.Build(0, 1).Prepare(vendors.Salesforce);
}

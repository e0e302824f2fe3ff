using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Crashes;

/// <summary>Eleven customers with everything that makes a crash dangerous: adoption, shared e-mails, merges close to changes, deactivation.</summary>
internal static class CrashScenario
{
    private const long First = People.FirstId;

    /// <summary>Customers whose merge may meet either order of the two: what is laid aside differs, what is active must not.</summary>
    public static string[] Racing { get; } = [$"{First + 9}", $"{First + 10}"];

    public static void Prepare(Vendors vendors)
    {
        Fields.Prepare(vendors);
        vendors.Salesforce.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "STANDS BY ID", [CustomerKey] = $"{First}", [ActiveFlag] = true });
        vendors.Salesforce.AddRecord("Contact", new Dictionary<string, object?> { ["LastName"] = "Known", ["Email"] = "known@example.com" });
    }

    public static void Arrive(ServiceTitanSimulator serviceTitan)
    {
        serviceTitan.AddCustomer(People.One(First));
        serviceTitan.AddCustomer(People.One(First + 1, "Kay Known", "known@example.com"));
        // A family on one e-mail; nobody of it is known yet.
        serviceTitan.AddCustomer(People.One(First + 2, "Ann Family", "family@example.com"));
        serviceTitan.AddCustomer(People.One(First + 3, "Bob Family", "family@example.com"));
        serviceTitan.AddCustomer(People.One(First + 4) with { Active = false });
        serviceTitan.AddCustomer(People.One(First + 5) with { Contacts = [] });
        serviceTitan.AddCustomer(People.One(First + 6, "Acme Plumbing LLC", type: "Commercial"));
        serviceTitan.AddCustomer(People.One(First + 7));
        serviceTitan.AddCustomer(People.One(First + 8));
    }

    /// <summary>Changes on what has arrived, and two customers who arrive and are merged at the same time.</summary>
    public static void Change(ServiceTitanSimulator serviceTitan)
    {
        serviceTitan.AddCustomer(People.One(First + 9, "Early Racing", "racing@example.com"));
        serviceTitan.AddCustomer(People.One(First + 10, "Late Racing", "racing@example.com"));
        serviceTitan.MergeCustomers(First + 9, First + 10);
        serviceTitan.SetContact(First + 2, "MobilePhone", "208-555-0999");
        serviceTitan.EditCustomer(First + 3, name: "Robert Family");
        serviceTitan.EditCustomer(First + 6, active: false);
        serviceTitan.EditCustomer(First + 8, name: "Changed Before");
        serviceTitan.MergeCustomers(First + 7, First + 8);
        serviceTitan.EditCustomer(First + 8, name: "Changed After");
    }
}

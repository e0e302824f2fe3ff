using WorkflowEngine.Simulators.Salesforce;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.World;

/// <summary>What stands in Salesforce, without record ids: equal views are equal ends.</summary>
internal static class OrgView
{
    private static readonly string[] AccountFields =
        [CustomerKey, ActiveFlag, "Name", "Phone", "BillingStreet", "BillingCity", "BillingState", "BillingPostalCode", "BillingCountry"];

    private static readonly string[] ContactFields = [PersonKey, ActiveFlag, "FirstName", "LastName", "Email", "MobilePhone", "Phone"];

    /// <summary>One line for each record, in an order of its own.</summary>
    /// <param name="org">The org.</param>
    /// <param name="racing">Customers of whom only what is active counts: two ends are right for the rest.</param>
    public static IReadOnlyList<string> Of(SalesforceSimulator org, params string[] racing)
    {
        var accounts = org.Records("Account", ["Id", .. AccountFields]);
        var owners = accounts.ToDictionary(a => a["Id"]!, a => $"{a[CustomerKey] ?? "-"} {a["Name"]}");
        var contacts = org.Records("Contact", ["AccountId", .. ContactFields]);
        return
        [
            .. accounts.Where(a => Counts(a, a[CustomerKey])).Select(a => "Account " + Line(a, AccountFields)).Order(StringComparer.Ordinal),
            .. contacts.Where(c => Counts(c, c[PersonKey]?.Split('/')[0])).Select(c => $"Contact {Line(c, ContactFields)} of {Owner(c["AccountId"])}").Order(StringComparer.Ordinal),
        ];

        string Owner(string? id) => id is not null && owners.TryGetValue(id, out var owner) ? racing.Contains(owner.Split(' ')[0]) ? "racing" : owner : "nobody";

        bool Counts(IReadOnlyDictionary<string, string?> record, string? customer) => customer is null || !racing.Contains(customer) || record[ActiveFlag] == "true";
    }

    public static IReadOnlyList<IReadOnlyDictionary<string, string?>> Accounts(SalesforceSimulator org) => org.Records("Account", ["Id", .. AccountFields]);

    public static IReadOnlyList<IReadOnlyDictionary<string, string?>> Contacts(SalesforceSimulator org) => org.Records("Contact", ["Id", "AccountId", .. ContactFields]);

    private static string Line(IReadOnlyDictionary<string, string?> record, string[] fields) => string.Join(" | ", fields.Select(f => record[f] ?? "-"));
}

using System.Text.Json;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Runtime;
using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Matching;

/// <summary>The same customer, the same org: whether a contact is found by its phone is a matter of how it was typed and of the connection's setting.</summary>
public sealed class PhoneSearchTests
{
    private const string Kept = "Contact.MobilePhone = Mobile_Digits__c";

    [Theory]
    [InlineData("", "(208) 555-7001", true)]
    [InlineData("", "1/208/555-7001", false)]
    [InlineData(Kept, "(208) 555-7001", true)]
    [InlineData(Kept, "1/208/555-7001", true)]
    public async Task A_contact_is_adopted_by_its_phone_as_the_connection_searches(string phoneFields, string typed, bool adopted)
    {
        var clock = new SkipClock();
        var vendors = await Vendors.StartAsync(clock);
        Fields.Prepare(vendors);
        using var digits = JsonDocument.Parse("""{ "Contact": { "Mobile_Digits__c": { "type": "text", "length": 40, "digitsOf": "MobilePhone" } } }""");
        vendors.Salesforce.AddRequired(digits.RootElement);
        var there = vendors.Salesforce.AddRecord("Contact", new Dictionary<string, object?> { ["LastName"] = "Testperson", ["MobilePhone"] = typed });
        var folder = WorkspaceFolder.OfCustomers(vendors);
        folder.Write(
            "connections/org.yaml",
            $$"""
            connector: salesforce
            settings: { baseAddress: '{{vendors.SalesforceAddress.GetLeftPart(UriPartial.Authority)}}', allowPrivate: true, phoneFields: '{{phoneFields}}' }
            secrets: { clientId: { env: E2E_SF_ID }, clientSecret: { env: E2E_SF_SECRET } }
            """);
        await using var world = await EngineWorld.StartAsync(clock, vendors, folder, new BatcherOptions());
        Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
        await world.OpenedAsync();
        await world.Host.StartAsync(default);
        vendors.ServiceTitan.AddCustomer(People.One(People.FirstId, "Sam Testperson") with { Contacts = [new ContactSeed("MobilePhone", "208-555-7001")] });
        await world.SettleAsync();
        await world.NoLettersAsync();

        var keyed = Assert.Single(OrgView.Contacts(vendors.Salesforce), c => c[PersonKey] == $"{People.FirstId}/primary");
        Assert.Equal(adopted, keyed["Id"] == there);
        Assert.Equal(adopted ? 1 : 2, OrgView.Contacts(vendors.Salesforce).Count);
    }
}

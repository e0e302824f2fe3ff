using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.Seeds;
using WorkflowEngine.Simulators.Seeds.Reconciling;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Tests.Seeds;

/// <summary>The comparison of the demonstration must see what is wrong: here nobody carries anything over, or carries it over wrongly.</summary>
public sealed class ReconciliationTests
{
    private readonly SalesforceSimulator _org;
    private readonly DemoScenario _scenario = DemoScenario.Build(20, 1);
    private readonly ServiceTitanSimulator _tenant;
    private readonly DemoWork _work;

    public ReconciliationTests()
    {
        var options = new SimulatorOptions { TimeProvider = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero)) };
        (_tenant, _org) = (new ServiceTitanSimulator(options), new SalesforceSimulator(options));
        using var fields = JsonDocument.Parse("""
            { "Opportunity": { "ServiceTitan_Job_Id__c": { "type": "text", "length": 20 }, "ServiceTitan_Origin__c": { "type": "text", "length": 20 }, "ServiceTitan_Service_Date__c": { "type": "date" },
                "ServiceTitan_Service_Window__c": { "type": "text", "length": 20 } },
              "ServiceTitan_Invoice__c": { "ServiceTitan_Invoice_Id__c": { "type": "text", "length": 20 }, "ServiceTitan_Revenue__c": { "type": "currency", "scale": 2 }, "ServiceTitan_Invoice_Date__c": { "type": "date" } } }
            """);
        _org.AddRequired(fields.RootElement);
        _scenario.Prepare(_org);
        _work = new DemoWork(_scenario, _tenant, _org, 1);
    }

    [Fact]
    public void Where_nothing_is_carried_over_every_flow_is_told()
    {
        _work.Prospect();
        _scenario.Arrive(_tenant);
        _work.Begin();
        _work.Day();
        var found = Reconciliation.Of(_work).GroupBy(r => r.Flow).ToDictionary(g => g.Key, g => g.Sum(r => r.Differences.Count));
        Assert.Equal(6, found.Count);
        Assert.All(found, f => Assert.True(f.Value > 0, $"{f.Key} agrees although nothing was carried over."));
    }

    [Fact]
    public void An_account_that_differs_in_one_field_is_told_and_one_that_stands_twice_too()
    {
        var customer = _scenario.Customers[3];
        _tenant.AddCustomer(customer);
        Add(customer, customer.Address.Zip);
        Assert.DoesNotContain(Of("customer-to-salesforce").SelectMany(r => r.Differences), d => d.StartsWith($"customer {customer.Id}", StringComparison.Ordinal));
        var second = _scenario.Customers[11];
        _tenant.AddCustomer(second);
        Add(second, "00000");
        Assert.Contains(Of("customer-to-salesforce").SelectMany(r => r.Differences), d => d == $"customer {second.Id}: postcode is '00000', not '{second.Address.Zip}'");
    }

    [Fact]
    public void A_job_booked_for_an_Opportunity_that_came_from_a_job_is_told()
    {
        var account = _org.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Dana" });
        var opportunity = _org.AddRecord("Opportunity", new Dictionary<string, object?>
        {
            ["Name"] = "Furnace", ["AccountId"] = account, ["StageName"] = "Closed Won", ["CloseDate"] = "2026-03-02", ["ServiceTitan_Origin__c"] = "ServiceTitan", ["ServiceTitan_Job_Id__c"] = "900",
        });
        _tenant.PutRecord("jobs", new Dictionary<string, object?>
        {
            ["id"] = 901L, ["jobStatus"] = "Scheduled",
            ["externalData"] = new { applicationGuid = DemoScenario.ApplicationGuid, externalData = new[] { new { key = "sfOpportunityId", value = opportunity } } },
        });
        Assert.Contains($"job 901: booked for {opportunity}, which came from a job", Of("won-opportunity-to-job").SelectMany(r => r.Differences));
    }

    [Fact]
    public void A_cent_that_is_missing_is_told_of_its_invoice_and_of_its_month()
    {
        _tenant.PutRecord("invoices", new Dictionary<string, object?> { ["id"] = 500L, ["subTotal"] = 100.10m, ["total"] = 100.10m, ["active"] = true, ["invoiceDate"] = "2026-03-01T00:00:00Z" });
        _org.AddRecord("ServiceTitan_Invoice__c", new Dictionary<string, object?> { ["Name"] = "500", ["ServiceTitan_Invoice_Id__c"] = "500", ["ServiceTitan_Revenue__c"] = 100.09m, ["ServiceTitan_Invoice_Date__c"] = "2026-03-01" });
        var differences = Of("invoice-to-revenue").SelectMany(r => r.Differences).ToList();
        Assert.Contains("invoice 500: revenue is 100.09, not 100.10", differences);
        Assert.Contains("2026-03: revenue is 100.09, not 100.10", differences);
    }

    private IEnumerable<Reconciled> Of(string flow) => Reconciliation.Of(_work).Where(r => r.Flow == flow);

    private void Add(CustomerSeed customer, string zip)
    {
        var phone = customer.Contacts.FirstOrDefault(c => c.Type == "Phone")?.Value ?? customer.Contacts.FirstOrDefault(c => c.Type == "MobilePhone")?.Value;
        _org.AddRecord("Account", new Dictionary<string, object?>
        {
            ["Name"] = customer.Name, [DemoScenario.CustomerKey] = customer.Id!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), [DemoScenario.ActiveFlag] = true, ["Phone"] = phone,
            ["BillingStreet"] = customer.Address.Street, ["BillingCity"] = customer.Address.City, ["BillingState"] = customer.Address.State, ["BillingPostalCode"] = zip,
        });
    }
}

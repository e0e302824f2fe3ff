using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.Seeds;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Tests.Seeds;

public sealed class DemoScenarioTests
{
    private static readonly SimulatorOptions Options = new() { TimeProvider = new FakeTimeProvider() };

    [Fact]
    public void The_same_seed_gives_the_same_customers()
    {
        static string Text(int seed) => JsonSerializer.Serialize(DemoScenario.Build(60, seed).Customers);
        Assert.Equal(Text(3), Text(3));
        Assert.NotEqual(Text(3), Text(4));
    }

    [Fact]
    public void Twenty_customers_hold_one_of_each_kind()
    {
        var demo = DemoScenario.Build(20, 1);
        Assert.Equal(20, demo.Customers.Count);
        Assert.Equal(["Account", "Account", "Contact", "Contact"], demo.Existing.Select(e => e.Type).Order());
        Assert.Contains(demo.Changes, c => c is Merged);
        Assert.Contains(demo.Customers, c => !c.Active);
        Assert.Contains(demo.Customers, c => c.Type == "Commercial");
        Assert.Contains(demo.Customers, c => c.Contacts.Count == 0);
        Assert.Contains(demo.Changes.GroupBy(c => c.CustomerId), g => g.Count() == 2);
        Assert.Contains(demo.Customers.SelectMany(c => c.Contacts).Where(l => l.Type == "Email").GroupBy(l => l.Value), g => g.Count() == 2);
    }

    [Fact]
    public void A_thousand_customers_arrive_and_change()
    {
        var (st, sf) = (new ServiceTitanSimulator(Options), new SalesforceSimulator(Options));
        var demo = DemoScenario.Build(1_000, 1);
        demo.Prepare(sf);
        demo.Arrive(st);
        demo.Change(st);
        Assert.Equal(1_000, demo.Customers.Select(c => c.Id).Distinct().Count());
        Assert.Equal(100, sf.Records("Account", "Id").Count);
        Assert.Equal(100, sf.Records("Contact", "Id").Count);
        Assert.Equal(0, demo.CountDuplicates(sf));
    }

    [Fact]
    public void Duplicates_are_counted_by_the_truth_and_not_by_keys_alone()
    {
        var sf = new SalesforceSimulator(Options);
        var demo = DemoScenario.Build(20, 1);
        demo.Prepare(sf);
        var existing = demo.Existing.First(e => e.Type == "Account" && !e.Values.ContainsKey(DemoScenario.CustomerKey));
        // Not adopted but made again: the record of the same customer stands twice.
        sf.AddRecord("Account", Account(existing.CustomerId, true));
        Assert.Equal(1, demo.CountDuplicates(sf));
        var merged = demo.Changes.OfType<Merged>().First();
        sf.AddRecord("Account", Account(merged.Into, true));
        Assert.Equal(1, demo.CountDuplicates(sf));
        var loser = sf.AddRecord("Account", Account(merged.CustomerId, false));
        Assert.Equal(1, demo.CountDuplicates(sf));
        Assert.NotNull(loser);
        sf.AddRecord("Contact", Person(merged.Into));
        sf.AddRecord("Contact", Person(merged.CustomerId));
        Assert.Equal(2, demo.CountDuplicates(sf));
        sf.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Nobody's" });
        Assert.Equal(2, demo.CountDuplicates(sf));
    }

    [Fact]
    public async Task A_company_fills_the_tenant_with_merged_inactive_and_shared_customers()
    {
        await using var running = await SimulatorHost.StartAsync(new ServiceTitanSimulator(Options));
        CompanySeed.Fill(running.Simulator, 100, 1);
        using var http = new HttpClient { BaseAddress = running.BaseAddress };
        using var records = JsonDocument.Parse(await http.GetStringAsync("/_records"));
        var customers = records.RootElement.GetProperty("customers").EnumerateArray().ToList();
        Assert.Equal(100, customers.Count);
        Assert.Contains(customers, c => c.GetProperty("mergedToId").ValueKind is JsonValueKind.Number);
        Assert.Contains(customers, c => !c.GetProperty("active").GetBoolean() && c.GetProperty("mergedToId").ValueKind is JsonValueKind.Null);
        Assert.Contains("ServiceTitan simulator", await http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    private static Dictionary<string, object?> Account(long customer, bool active) =>
        new() { ["Name"] = "Again", [DemoScenario.CustomerKey] = $"{customer}", [DemoScenario.ActiveFlag] = active };

    private static Dictionary<string, object?> Person(long customer) =>
        new() { ["LastName"] = "Again", [DemoScenario.PersonKey] = $"{customer}/primary", [DemoScenario.ActiveFlag] = true };
}

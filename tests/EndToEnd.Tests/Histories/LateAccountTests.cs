using WorkflowEngine.FlowTesting;
using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Histories;

/// <summary>A sale of an Account that a run created a moment before, in an org that does not show the Account yet but the sale at once.</summary>
public sealed class LateAccountTests
{
    // Its org shows what was created 41 seconds late.
    private const int Seed = 3_300_803;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Its_job_is_booked_when_the_Account_is_shown()
    {
        await using var world = await CompanyWorld.StartAsync(Seed, []);
        world.ServiceTitan.AddCustomer(new CustomerSeed
        {
            Id = 48_100_001, Name = "Dana Whitfield", Type = "Residential", Address = new Address("1 Oak St", null, "Boise", "ID", "83702", "USA"), Contacts = [new ContactSeed("Email", "dana@example.com")],
        });
        string? account = null;
        for (var i = 0; i < 600 && account is null; i++)
        {
            Assert.Null(await world.PassAsync(Second));
            account = world.Salesforce.Records("Account", "Id", CustomerKey).FirstOrDefault(a => a[CustomerKey] == "48100001")?["Id"];
        }

        CompanyHistory.Sell(world, Assert.IsType<string>(account), 8);
        Assert.Null(await world.PassAsync(TimeSpan.FromHours(2)));

        var end = await EndState.OfAsync(world.Host, default);
        Assert.Empty(end.Letters.Select(l => $"{l.Content.Key} at {l.Content.Step}: {l.Content.Message}"));
        Assert.Single((await world.TenantAsync())["jobs"]!.AsArray());
    }
}

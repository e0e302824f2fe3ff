using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Histories;

/// <summary>The world of the random histories passes time as a server would.</summary>
public sealed class CompanyWorldTests
{
    [Fact]
    public async Task A_feed_that_could_not_be_read_is_read_again_though_nothing_else_waits()
    {
        await using var world = await CompanyWorld.StartAsync(3_380_004, []);
        world.ServiceTitan.AddCustomer(new CustomerSeed { Id = 48_100_001, Name = "Dana Whitfield", Type = "Residential", Address = new Address("1 Oak St", null, "Boise", "ID", "83702", "USA") });
        world.ServiceTitan.Faults.Add(new FaultRule { Kind = FaultKind.RateLimited, Probability = 1, Count = 4, RetryAfterSeconds = 20 });

        Assert.Null(await world.PassAsync(TimeSpan.FromHours(2)));

        Assert.Single(world.Salesforce.Records("Account", "Id", CustomerKey), a => a[CustomerKey] == "48100001");
    }
}

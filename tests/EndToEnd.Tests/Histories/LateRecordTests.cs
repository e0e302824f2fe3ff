using WorkflowEngine.FlowTesting;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Histories;

/// <summary>What a run created a moment before and its vendor does not show yet, when the next event needs it.</summary>
public sealed class LateRecordTests
{
    // Its org shows what was created 41 seconds late.
    private const int LateOrg = 3_300_803;

    // Its tenant shows what was created 48 seconds late, its org at once.
    private const int LateTenant = 3_380_004;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_sale_of_an_Account_that_is_not_shown_yet_gets_its_job_when_it_is()
    {
        await using var world = await CompanyWorld.StartAsync(LateOrg, []);
        CompanyHistory.Sell(world, await AccountAsync(world), 8);
        Assert.Null(await world.PassAsync(TimeSpan.FromHours(2)));

        await NoLetterAsync(world);
        Assert.Single((await world.TenantAsync())["jobs"]!.AsArray());
    }

    [Fact]
    public async Task So_does_one_of_an_Account_of_which_no_run_knows_yet_since_the_answer_to_its_making_was_lost()
    {
        await using var world = await CompanyWorld.StartAsync(LateOrg, []);
        world.Salesforce.Faults.Add(new FaultRule { Kind = FaultKind.LostAnswer, Path = "*/sobjects/Account*" });
        var account = await AccountAsync(world);
        CompanyHistory.Sell(world, account, 8);
        Assert.Null(await world.PassAsync(Second));
        world.Salesforce.Faults.Clear();
        Assert.Null(await world.PassAsync(TimeSpan.FromHours(2)));

        await NoLetterAsync(world);
        Assert.Single((await world.TenantAsync())["jobs"]!.AsArray());
    }

    [Fact]
    public async Task A_sale_that_is_moved_while_its_job_is_not_shown_yet_moves_the_visit()
    {
        await using var world = await CompanyWorld.StartAsync(LateTenant, []);
        var sale = CompanyHistory.Sell(world, await AccountAsync(world), 8);
        for (var i = 0; i < 600 && (await CompanyTenant.OfAsync(world)).Jobs.Count == 0; i++) Assert.Null(await world.PassAsync(Second));
        var job = Assert.Single((await CompanyTenant.OfAsync(world)).Jobs);
        Assert.Equal(13, Assert.Single((await CompanyTenant.OfAsync(world)).Visits[job.Id]).Start.Day);
        world.Salesforce.EditRecord(sale, new Dictionary<string, object?> { ["ServiceTitan_Service_Date__c"] = "2026-03-20" });
        Assert.Null(await world.PassAsync(TimeSpan.FromHours(2)));

        await NoLetterAsync(world);
        Assert.Equal(job.Id, Assert.Single((await CompanyTenant.OfAsync(world)).Jobs).Id);
        Assert.Equal(20, Assert.Single((await CompanyTenant.OfAsync(world)).Visits[job.Id]).Start.Day);
    }

    /// <summary>The Account of a new customer, as soon as it is there.</summary>
    private static async Task<string> AccountAsync(CompanyWorld world)
    {
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

        return Assert.IsType<string>(account);
    }

    private static async Task NoLetterAsync(CompanyWorld world)
    {
        var end = await EndState.OfAsync(world.Host, default);
        Assert.Empty(end.Letters.Select(l => $"{l.Content.Key} at {l.Content.Step}: {l.Content.Message}"));
    }
}

using System.Globalization;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Simulators.Seeds;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Demo;

public sealed class DemoScenarioTests
{
    private const int Events = 200;

    [Fact]
    public async Task Every_surviving_customer_has_one_active_account_and_person_with_its_values_and_a_second_run_changes_nothing()
    {
        var scenario = Build(Events, seed: 7);
        await using var world = await RunAsync(scenario, join: true);
        await world.NoLettersAsync();
        var org = world.Vendors.Salesforce;
        Assert.Equal(0, scenario.CountDuplicates(org));
        var accounts = OrgView.Accounts(org).Where(a => a[CustomerKey] is not null).ToLookup(a => a[CustomerKey]);
        var contacts = OrgView.Contacts(org).Where(c => c[PersonKey] is not null).ToLookup(c => c[PersonKey]);
        foreach (var truth in Truth.Of(scenario))
        {
            var id = truth.Customer.Id!.Value.ToString(CultureInfo.InvariantCulture);
            if (!truth.Survives)
            {
                Assert.DoesNotContain(accounts[id], a => a[ActiveFlag] == "true");
                Assert.DoesNotContain(contacts[id + "/primary"], c => c[ActiveFlag] == "true");
                continue;
            }

            var account = Assert.Single(accounts[id]);
            var address = truth.Customer.Address;
            var street = string.Join('\n', new[] { address.Street, address.Unit }.Where(line => !string.IsNullOrEmpty(line)));
            Assert.Equal(
                ["true", truth.Customer.Name, street, address.City, address.State, address.Zip],
                new[] { ActiveFlag, "Name", "BillingStreet", "BillingCity", "BillingState", "BillingPostalCode" }.Select(f => account[f]));
            Assert.Equal(Digits(truth.Landline ?? truth.Mobile), Digits(account["Phone"]));
            if (!truth.Reachable)
            {
                Assert.Empty(contacts[id + "/primary"]);
                continue;
            }

            var contact = Assert.Single(contacts[id + "/primary"]);
            Assert.Equal(
                ("true", truth.Email, Digits(truth.Mobile), Digits(truth.Landline)),
                (contact[ActiveFlag], contact["Email"]?.ToLowerInvariant(), Digits(contact["MobilePhone"]), Digits(contact["Phone"])));
        }

        var before = OrgView.Of(org);
        var written = world.Vendors.Written();
        var runs = world.Host.Runtime.Counters.Settled;
        foreach (var customer in scenario.Customers) world.Vendors.ServiceTitan.EditCustomer(customer.Id!.Value);
        await world.SettleAsync();
        Assert.True(world.Host.Runtime.Counters.Settled >= runs + Events, "Every customer ran again.");
        Assert.Equal(before, OrgView.Of(org));
        Assert.Equal(written, world.Vendors.Written());
    }

    [Fact]
    public async Task Rows_that_a_feed_gives_again_are_known()
    {
        await using var world = await EngineWorld.StartAsync(Fields.Prepare);
        foreach (var customer in People.Of(20)) world.Vendors.ServiceTitan.AddCustomer(customer);
        // Both feeds repeat their newest rows for a second and are read ten times in it.
        await world.SettleAsync();
        await world.SettleAsync();
        Assert.InRange(world.Host.Runtime.Counters.Accepted, 20, 3 * 20);
    }

    [Fact]
    public async Task Batching_on_and_off_give_the_same_end_state()
    {
        // The customers before a merge are apart from the merge, so that both ways take the same branch.
        await using var together = await RunAsync(Build(60, seed: 3), join: true);
        await using var single = await RunAsync(Build(60, seed: 3), join: false);
        await together.NoLettersAsync();
        await single.NoLettersAsync();
        Assert.Equal(OrgView.Of(together.Vendors.Salesforce), OrgView.Of(single.Vendors.Salesforce));
        Assert.True(
            together.Vendors.Salesforce.Statistics.Total * 3 < single.Vendors.Salesforce.Statistics.Total,
            $"Joined calls {together.Vendors.Salesforce.Statistics.Total} are far fewer than single ones {single.Vendors.Salesforce.Statistics.Total}.");
    }

    /// <summary>A phone is the same in every spelling: one that stands there as people wrote it is left so.</summary>
    private static string? Digits(string? phone)
    {
        var digits = phone is null ? null : new string([.. phone.Where(char.IsAsciiDigit)]);
        return digits is { Length: 10 } ? "1" + digits : digits;
    }

    private static async Task<EngineWorld> RunAsync(DemoScenario scenario, bool join)
    {
        var world = await EngineWorld.StartAsync(v => scenario.Prepare(v.Salesforce), join);
        scenario.Arrive(world.Vendors.ServiceTitan);
        await world.SettleAsync();
        scenario.Change(world.Vendors.ServiceTitan);
        await world.SettleAsync();
        return world;
    }
}

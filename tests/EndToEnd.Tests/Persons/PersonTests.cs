using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Persons;

public sealed class PersonTests
{
    private const long First = People.FirstId;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_customers_with_one_email_in_one_batch_are_two_contacts_by_rule(bool join)
    {
        await using var world = await EngineWorld.StartAsync(Fields.Prepare, join);
        // Even name, phone and address are shared: every later rule would take the other's record.
        var one = People.One(First, "Sam Shared", "shared@example.com");
        world.Vendors.ServiceTitan.AddCustomer(one);
        world.Vendors.ServiceTitan.AddCustomer(one with { Id = First + 1 });
        await world.SettleAsync();
        await world.NoLettersAsync();
        var contacts = OrgView.Contacts(world.Vendors.Salesforce);
        Assert.Equal([$"{First}/primary", $"{First + 1}/primary"], contacts.Select(c => c[PersonKey]).Order());
        Assert.All(contacts, c => Assert.Equal(("shared@example.com", "Sam", "Shared"), (c["Email"], c["FirstName"], c["LastName"])));
        var accounts = OrgView.Accounts(world.Vendors.Salesforce);
        Assert.Equal([$"{First}", $"{First + 1}"], accounts.Select(a => a[CustomerKey]).Order());
        foreach (var contact in contacts) Assert.Equal(accounts.Single(a => contact[PersonKey] == a[CustomerKey] + "/primary")["Id"], contact["AccountId"]);

        // Again, in the other order: nobody takes the other's.
        var before = OrgView.Of(world.Vendors.Salesforce);
        world.Vendors.ServiceTitan.EditCustomer(First + 1);
        world.Vendors.ServiceTitan.EditCustomer(First);
        await world.SettleAsync();
        Assert.Equal(before, OrgView.Of(world.Vendors.Salesforce));
    }

    [Fact]
    public async Task A_contact_that_stands_there_already_is_adopted_by_one_of_two_and_not_taken_by_the_other()
    {
        await using var world = await EngineWorld.StartAsync(v =>
        {
            Fields.Prepare(v);
            v.Salesforce.AddRecord("Contact", new Dictionary<string, object?> { ["LastName"] = "Shared", ["Email"] = "SHARED@example.com" });
        });
        world.Vendors.ServiceTitan.AddCustomer(People.One(First, "Sam Shared", "shared@example.com"));
        world.Vendors.ServiceTitan.AddCustomer(People.One(First + 1, "Kim Shared", "shared@example.com"));
        await world.SettleAsync();
        await world.NoLettersAsync();
        var contacts = OrgView.Contacts(world.Vendors.Salesforce);
        Assert.Equal([$"{First}/primary", $"{First + 1}/primary"], contacts.Select(c => c[PersonKey]).Order());
        Assert.Equal(1, world.Vendors.Created("Contact") - 1);
    }

    [Theory]
    [InlineData("Dr. Mary-Jane van der Berg Jr.", "Residential", "Mary-Jane", "van der Berg")]
    [InlineData("Acme Plumbing LLC", "Commercial", null, "Acme Plumbing LLC")]
    [InlineData("O'Brien, Sean & Kate", "Residential", "Sean & Kate", "O'Brien")]
    public async Task Names_arrive_as_people_would_file_them(string name, string type, string? first, string last)
    {
        await using var world = await EngineWorld.StartAsync(Fields.Prepare);
        world.Vendors.ServiceTitan.AddCustomer(People.One(First, name, type: type));
        await world.SettleAsync();
        await world.NoLettersAsync();
        Assert.Equal(name, Assert.Single(OrgView.Accounts(world.Vendors.Salesforce))["Name"]);
        var contact = Assert.Single(OrgView.Contacts(world.Vendors.Salesforce));
        Assert.Equal((first, last), (contact["FirstName"], contact["LastName"]));
    }

    [Fact]
    public async Task A_merged_customer_hands_its_account_to_a_survivor_without_one()
    {
        await using var world = await EngineWorld.StartAsync(v =>
        {
            Fields.Prepare(v);
            v.Salesforce.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Old", [CustomerKey] = $"{First}", [ActiveFlag] = true });
        });
        // The survivor is inactive and has no account: only the loser's can carry on.
        world.Vendors.ServiceTitan.AddCustomer(People.One(First + 1) with { Active = false });
        await world.SettleAsync();
        Assert.Single(OrgView.Accounts(world.Vendors.Salesforce));
        world.Vendors.ServiceTitan.AddCustomer(new CustomerSeed { Id = First, Name = "Old", Active = false });
        world.Vendors.ServiceTitan.MergeCustomers(First, First + 1);
        await world.SettleAsync();
        await world.NoLettersAsync();
        Assert.Equal($"{First + 1}", Assert.Single(OrgView.Accounts(world.Vendors.Salesforce))[CustomerKey]);
    }
}

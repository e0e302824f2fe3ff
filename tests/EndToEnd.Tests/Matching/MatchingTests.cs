using System.Globalization;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Matching;

/// <summary>Who is who among the customers of a <see cref="Town"/>, by the rules of customer-to-salesforce as they stand in its file.</summary>
public sealed class MatchingTests
{
    private static readonly int Size = int.Parse(Environment.GetEnvironmentVariable("MATCHING_CUSTOMERS") ?? "1200", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Records_that_sales_typed_are_adopted_by_whom_they_are_about_and_by_nobody_else()
    {
        var town = Town.Build(Size);
        var (accounts, contacts) = (new Dictionary<string, Household>(), new Dictionary<string, Household>());
        await using var world = await EngineWorld.StartAsync(vendors =>
        {
            Fields.Prepare(vendors);
            foreach (var typed in town.Typed)
            {
                var account = vendors.Salesforce.AddRecord("Account", typed.Account);
                accounts[account] = typed;
                if (typed.Contact is { } contact) contacts[vendors.Salesforce.AddRecord("Contact", new Dictionary<string, object?>(contact) { ["AccountId"] = account })] = typed;
            }
        });
        foreach (var customer in town.Customers) world.Vendors.ServiceTitan.AddCustomer(customer);
        await world.SettleAsync(TimeSpan.FromMinutes(20) + TimeSpan.FromMilliseconds(Size * 200));

        var customers = town.Customers.ToDictionary(c => c.Id!.Value);
        var persons = Score.Of(
            "person", contacts, world.Vendors.Salesforce.Records("Contact", "Id", PersonKey).ToDictionary(r => r["Id"]!, r => r[PersonKey]?.Split('/')[0]),
            typed => typed.Contact is not null && Shares(customers[typed.Customer!.Value], [typed.Contact!["Email"], typed.Contact["MobilePhone"], typed.Contact["Phone"]]));
        var companies = Score.Of(
            "company", accounts.Where(a => a.Value.Contact is null).ToDictionary(), world.Vendors.Salesforce.Records("Account", "Id", CustomerKey).ToDictionary(r => r["Id"]!, r => r[CustomerKey]),
            typed => Shares(customers[typed.Customer!.Value], [typed.Account["Phone"]]) && customers[typed.Customer!.Value].Address.Zip == (string)typed.Account["BillingPostalCode"]!);
        var all = persons.And(companies);
        all.Write(Size);
        await world.NoLettersAsync();
        Assert.True(all.Precision >= 0.99, all.Text);
        Assert.True(all.Recall >= 0.95, all.Text);
    }

    /// <summary>Whether one of these is an e-mail or phone of the customer, in any spelling.</summary>
    private static bool Shares(CustomerSeed customer, IEnumerable<object?> values)
    {
        var keys = customer.Contacts.Select(c => Normal(c.Value)).ToHashSet();
        return values.OfType<string>().Any(v => keys.Contains(Normal(v)));
    }

    private static string Normal(string value) => value.Contains('@', StringComparison.Ordinal) ? value.ToLowerInvariant() : string.Concat(value.Where(char.IsAsciiDigit));
}

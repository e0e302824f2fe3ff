using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Seeds;

/// <summary>Fills a simulator with a home-services company of any size; the same for the same seed and clock.</summary>
public static class CompanySeed
{
    /// <summary>Enters <paramref name="size"/> customers: a quarter companies, some families on one e-mail, some merged, some inactive, some with difficult names.</summary>
    /// <param name="serviceTitan">Where they are entered.</param>
    /// <param name="size">How many customers.</param>
    /// <param name="seed">Decides every choice.</param>
    /// <param name="books">Also their jobs, invoices, payments, memberships and feedback of a year, and what those refer to.</param>
    public static void Fill(ServiceTitanSimulator serviceTitan, int size, int seed, bool books = true)
    {
        ArgumentNullException.ThrowIfNull(serviceTitan);
        const long FirstId = 48_000_001;
        var maker = new CustomerMaker(seed);
        CustomerSeed? last = null;
        for (var i = 0; i < size; i++)
        {
            var customer = i % 4 == 3 ? maker.Company(FirstId + i)
                : maker.Person(FirstId + i, i % 10 == 1 ? maker.Pick(Names.Difficult) : null);
            if (i % 10 == 6 && last is not null)
            {
                // A spouse: same house, same e-mail.
                customer = customer with { Address = last.Address, Contacts = [customer.Contacts[0], .. last.Contacts.Where(c => c.Type == "Email")] };
            }

            serviceTitan.AddCustomer(customer with { Active = i % 20 != 13 });
            if (i % 20 == 17 && last is not null)
            {
                serviceTitan.MergeCustomers(customer.Id!.Value, last.Id!.Value);
            }

            last = customer;
        }

        if (books)
        {
            serviceTitan.Enter(state => FillBooks(state, seed));
        }
    }

    private static void FillBooks(TenantState state, int seed)
    {
        var company = new CompanyBooks(state, seed);
        company.Settings();
        var places = state.Locations.All.GroupBy(l => l.CustomerId).ToDictionary(g => g.Key, g => g.First());
        foreach (var customer in state.Customers.All.Where(c => c.Active).ToList())
        {
            company.Customer(customer, places[customer.Id]);
        }
    }
}

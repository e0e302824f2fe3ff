using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Seeds;

/// <summary>Fills a simulator with the customers of a home-services company.</summary>
public static class CompanySeed
{
    /// <summary>Enters <paramref name="size"/> customers: a quarter companies, some families on one e-mail, some merged, some inactive, some with difficult names.</summary>
    public static void Fill(ServiceTitanSimulator serviceTitan, int size, int seed)
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
    }
}

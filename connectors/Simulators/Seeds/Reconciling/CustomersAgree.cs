using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Seeds.Reconciling;

/// <summary>Customers have their Account and their person, once, with their values.</summary>
internal static class CustomersAgree
{
    private const string Flow = "customer-to-salesforce";

    public static IEnumerable<Reconciled> Check(BothSides sides)
    {
        yield return Accounts(sides);
        yield return Persons(sides);
        yield return Partners(sides);
    }

    private static Reconciled Accounts(BothSides sides)
    {
        var result = new Comparison(Flow, "one Account per customer, equal");
        foreach (var customer in sides.Tenant.Customers.All)
        {
            var of = $"customer {customer.Id}";
            var accounts = sides.Accounts.Of(DemoWork.Text(customer.Id));
            if (!customer.Active)
            {
                result.Count();
                if (accounts.Any(a => a[DemoScenario.ActiveFlag] == "true")) result.Differs($"{of}: inactive or merged, but its Account is active");
                continue;
            }

            if (result.One(of, accounts) is not { } account) continue;
            result.Text(of, "Name", customer.Name, account["Name"]);
            result.Text(of, "postcode", customer.Address.Zip, account["BillingPostalCode"]);
            result.Text(of, "city", customer.Address.City, account["BillingCity"]);
            result.Text(of, "state", customer.Address.State, account["BillingState"]);
            result.Text(of, "street", string.Join('\n', new[] { customer.Address.Street, customer.Address.Unit }.Where(l => !string.IsNullOrEmpty(l))), account["BillingStreet"]);
            if (BothSides.AccountOf(customer) is { } own && !sides.Work.Scenario.Customers.Any(c => c.Id == customer.Id))
            {
                // Made from this very Account: it came back without an echo.
                result.Text(of, "Account it came from", own, account["Id"]);
                continue;
            }

            var lines = sides.Tenant.LinesOf(customer.Id);
            var phone = Line(lines, "Phone") ?? Line(lines, "MobilePhone");
            if (phone is not null) result.Text(of, "phone", Digits(phone), Digits(account["Phone"]));
            result.Text(of, "active", "true", account[DemoScenario.ActiveFlag]);
            result.Text(of, "tags", customer.TagTypeIds.Count == 0 ? null : string.Join("; ", customer.TagTypeIds.Select(t => sides.Tenant.TagTypes.Find(t)!.Name).Order(StringComparer.Ordinal)), account["ServiceTitan_Tags__c"]);
        }

        return result.Result();
    }

    private static Reconciled Persons(BothSides sides)
    {
        var result = new Comparison(Flow, "one Contact per person, equal");
        foreach (var customer in sides.Tenant.Customers.All)
        {
            var of = $"person of customer {customer.Id}";
            var contacts = sides.Contacts.Of($"{DemoWork.Text(customer.Id)}/primary");
            var lines = sides.Tenant.LinesOf(customer.Id).Where(l => l.Active && l.Type != "Fax").ToList();
            if (!customer.Active)
            {
                result.Count();
                if (contacts.Any(c => c[DemoScenario.ActiveFlag] == "true")) result.Differs($"{of}: inactive or merged, but its Contact is active");
                continue;
            }

            if (lines.Count == 0 || BothSides.AccountOf(customer) is not null)
            {
                result.Count();
                if (contacts.Count > 1) result.Differs($"{of}: {contacts.Count} partners");
                continue;
            }

            if (result.One(of, contacts) is not { } contact) continue;
            if (Line(lines, "Email") is { } email) result.Text(of, "e-mail", email.ToLowerInvariant(), contact["Email"]?.ToLowerInvariant());
            if (Line(lines, "MobilePhone") is { } mobile) result.Text(of, "mobile", Digits(mobile), Digits(contact["MobilePhone"]));
            if (Line(lines, "Phone") is { } phone) result.Text(of, "phone", Digits(phone), Digits(contact["Phone"]));
            result.Text(of, "active", "true", contact[DemoScenario.ActiveFlag]);
        }

        return result.Result();
    }

    /// <summary>The other way round: nothing in Salesforce carries the key of nobody, and nobody stands there twice.</summary>
    private static Reconciled Partners(BothSides sides)
    {
        var result = new Comparison(Flow, "no duplicates, no strangers");
        foreach (var account in sides.Accounts.All.Where(a => a[DemoScenario.CustomerKey] is not null))
        {
            result.Count();
            if (!sides.Tenant.Customers.Has(long.Parse(account[DemoScenario.CustomerKey]!, System.Globalization.CultureInfo.InvariantCulture))) result.Differs($"Account {account["Id"]}: there is no customer {account[DemoScenario.CustomerKey]}");
        }

        var beyond = sides.Work.Scenario.CountDuplicates(sides.Work.Salesforce);
        if (beyond > 0) result.Differs($"{beyond} active records beyond one per customer or person");
        foreach (var twice in sides.Work.Sales.Where(s => s.Customer is null).Select(s => sides.Accounts.Find(s.Account)!["Name"]!).Distinct())
        {
            result.Count();
            if (sides.Accounts.All.Count(a => a["Name"] == twice) > 1) result.Differs($"{twice} stands in Salesforce twice");
            if (sides.Tenant.Customers.All.Count(c => c.Name == twice) > 1) result.Differs($"{twice} stands in ServiceTitan twice");
        }

        return result.Result();
    }

    private static string? Line(IEnumerable<ContactLine> lines, string type) => lines.Where(l => l.Active && l.Type == type).OrderBy(l => l.CreatedOn).ThenBy(l => l.Id).FirstOrDefault()?.Value;

    /// <summary>A phone is the same in every spelling.</summary>
    private static string? Digits(string? phone) => phone is null ? null : new string([.. phone.Where(char.IsAsciiDigit)]) is { Length: > 10 } digits ? digits[^10..] : new string([.. phone.Where(char.IsAsciiDigit)]);
}

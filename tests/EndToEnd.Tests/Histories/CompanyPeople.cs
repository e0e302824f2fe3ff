using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Histories;

/// <summary>Compares customers with their Accounts and Contacts: each living one has exactly one Account and, when somebody can be reached, one Contact, with the values ServiceTitan has.</summary>
internal sealed class CompanyPeople(CompanyWorld world, CompanyTenant tenant, CompanyLedger ledger, CompanyExcuses excuses)
{
    private readonly IReadOnlyList<IReadOnlyDictionary<string, string?>> _accounts = world.Salesforce.Records("Account", "Id", "Name", "Phone", "BillingStreet", CustomerKey, ActiveFlag);
    private readonly IReadOnlyList<IReadOnlyDictionary<string, string?>> _contacts =
        world.Salesforce.Records("Contact", "Id", "FirstName", "LastName", "Email", "MobilePhone", "AccountId", PersonKey, CustomerKey, ActiveFlag);

    /// <summary>What differs.</summary>
    public IEnumerable<string> Check() => tenant.Customers.SelectMany(Check);

    /// <summary>The customer in whom an Account's own went up; null where there is none.</summary>
    public long? CustomerOf(string? account) => _accounts.FirstOrDefault(a => a["Id"] == account)?[CustomerKey] is { } key ? tenant.Root(long.Parse(key, System.Globalization.CultureInfo.InvariantCulture)) : null;

    public bool HasAccount(long customer) => _accounts.Any(a => a[CustomerKey] is { } key && key == CompanyHistory.Text(customer));

    private IEnumerable<string> Check(CompanyTenant.Person customer)
    {
        var id = CompanyHistory.Text(customer.Id);
        var mine = _accounts.Where(a => a[CustomerKey] == id).ToList();
        var persons = _contacts.Where(c => c[PersonKey] == $"{id}/primary").ToList();
        // Whatever happened, nobody stands there twice.
        if (mine.Count > 1) yield return $"{mine.Count} accounts of {id}";
        if (persons.Count > 1) yield return $"{persons.Count} people of {id}";
        if (excuses.Customer(tenant, customer.Id)) yield break;
        if (customer.Active && mine.Count == 0) yield return $"no account of {id}";
        foreach (var differs in customer.Active ? mine.SelectMany(a => Account(customer, a)).Concat(Person(customer, persons)) : Aside(customer, mine, persons)) yield return differs;
    }

    private IEnumerable<string> Account(CompanyTenant.Person customer, IReadOnlyDictionary<string, string?> account)
    {
        var of = $"the account of {customer.Id}";
        if (Differs(customer, account, "Name", [customer.Name])) yield return Told(of, account, "Name", customer.Name);
        if (account[ActiveFlag] != "true") yield return Told(of, account, ActiveFlag, "true");
        if (account["BillingStreet"] != customer.Street) yield return Told(of, account, "BillingStreet", customer.Street);
        var phone = tenant.First(customer.Id, "Phone") is { Count: > 0 } own ? own : tenant.First(customer.Id, "MobilePhone");
        // Without a line nothing is written there: what people typed stays, also from when it was another's Account.
        if (phone.Count == 0 ? account["Phone"] is { } stays && !ledger.Typed("Phone").Contains(stays) : Differs(customer, account, "Phone", phone)) yield return Told(of, account, "Phone", phone.FirstOrDefault());
    }

    private IEnumerable<string> Person(CompanyTenant.Person customer, List<IReadOnlyDictionary<string, string?>> persons)
    {
        var (email, mobile) = (tenant.First(customer.Id, "Email"), tenant.First(customer.Id, "MobilePhone"));
        // Who cannot be reached gets no person.
        if (email.Count == 0 && mobile.Count == 0) yield break;
        if (persons.Count == 0)
        {
            if (!ledger.MayBeGone(customer.Id)) yield return $"no person of {customer.Id}, who is reached at {email.Concat(mobile).First()}";
            yield break;
        }

        var (of, person) = ($"the person of {customer.Id}", persons[0]);
        var words = customer.Name.Split(' ', 2);
        // A company's person has its name as last name and no first name; an empty value leaves what is there.
        if (!customer.Commercial && person["FirstName"] != words[0]) yield return Told(of, person, "FirstName", words[0]);
        var last = customer.Commercial ? customer.Name : words[1];
        if (person["LastName"] != last) yield return Told(of, person, "LastName", last);
        if (email.Count > 0 && Differs(customer, person, "Email", email)) yield return Told(of, person, "Email", email[0]);
        if (mobile.Count > 0 && Differs(customer, person, "MobilePhone", mobile)) yield return Told(of, person, "MobilePhone", mobile[0]);
        if (person[ActiveFlag] != "true") yield return Told(of, person, ActiveFlag, "true");
        if (person[CustomerKey] != CompanyHistory.Text(customer.Id)) yield return Told(of, person, CustomerKey, CompanyHistory.Text(customer.Id));
        // It stays with the Account it was made for; a merge in ServiceTitan may have handed either over.
        if (CustomerOf(person["AccountId"]) is var at && at != tenant.Root(customer.Id)) yield return $"{of} is at the account of {at}";
    }

    /// <summary>Who was switched off or merged away owns nothing active.</summary>
    private IEnumerable<string> Aside(CompanyTenant.Person customer, List<IReadOnlyDictionary<string, string?>> accounts, List<IReadOnlyDictionary<string, string?>> persons)
    {
        var why = customer.MergedTo is { } into ? $"was merged into {into}" : "is inactive";
        if (accounts.Any(a => a[ActiveFlag] == "true")) yield return $"{customer.Id} {why}, but its account is active";
        if (persons.Any(p => p[ActiveFlag] == "true")) yield return $"{customer.Id} {why}, but its person is active";
    }

    private bool Differs(CompanyTenant.Person customer, IReadOnlyDictionary<string, string?> record, string field, IReadOnlyList<string> expected) =>
        !ledger.ByHand(customer.Id, record["Id"]!, field).Concat(expected).Any(v => Same(field, v, record[field]));

    /// <summary>A phone is the same in every spelling, an e-mail in any case.</summary>
    private static bool Same(string field, string expected, string? found) => field switch
    {
        "Phone" or "MobilePhone" => found is not null && Digits(expected) == Digits(found),
        "Email" => string.Equals(expected, found, StringComparison.OrdinalIgnoreCase),
        _ => expected == found,
    };

    private static string Digits(string phone) => new string([.. phone.Where(char.IsAsciiDigit)]) is { Length: > 10 } digits ? digits[^10..] : new string([.. phone.Where(char.IsAsciiDigit)]);

    private static string Told(string of, IReadOnlyDictionary<string, string?> record, string field, string? expected) => $"{of}: {field} is '{record[field]}', not '{expected}'";
}

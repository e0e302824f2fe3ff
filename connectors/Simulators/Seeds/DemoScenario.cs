using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Seeds;

/// <summary>
/// The demonstration: customers of whom some stand in Salesforce already under the same id, e-mail or phone, some share an
/// e-mail, some change twice, some are merged, some inactive. The scenario knows the truth, so it can count duplicates.
/// Every twenty customers hold one of each kind.
/// </summary>
public sealed class DemoScenario
{
    public const string CustomerKey = "ServiceTitan_Customer_Id__c";
    public const string PersonKey = "ServiceTitan_Person_Key__c";
    public const string ActiveFlag = "ServiceTitan_Active__c";

    /// <summary>The application whose keys the demonstration's connection keeps in ServiceTitan.</summary>
    public const string ApplicationGuid = "5d0e9d8c-7c3f-4a55-9a52-0c7f3d1b6a10";

    private const long FirstId = 48_000_001;

    private const string Requires = $$"""
        { "Account": { "{{CustomerKey}}": { "type": "text", "length": 20, "externalId": true, "unique": true }, "{{ActiveFlag}}": { "type": "boolean" },
            "ServiceTitan_Do_Not_Mail__c": { "type": "boolean" }, "ServiceTitan_Do_Not_Service__c": { "type": "boolean" },
            "ServiceTitan_Tags__c": { "type": "text", "length": 255 }, "ServiceTitan_Segment__c": { "type": "picklist" } },
          "Contact": { "{{PersonKey}}": { "type": "text", "length": 80, "externalId": true, "unique": true }, "ServiceTitan_Customer_Id__c": { "type": "text", "length": 20 },
            "{{ActiveFlag}}": { "type": "boolean" } },
          "ServiceTitan_Location__c": { "ServiceTitan_Location_Id__c": { "type": "text", "length": 20, "externalId": true, "unique": true },
            "ServiceTitan_Account__c": { "type": "reference", "to": "Account" }, "ServiceTitan_Street__c": { "type": "text", "length": 255 },
            "ServiceTitan_City__c": { "type": "text", "length": 80 }, "ServiceTitan_Postal_Code__c": { "type": "text", "length": 20 }, "{{ActiveFlag}}": { "type": "boolean" } } }
        """;

    private readonly List<CustomerSeed> _customers = [];
    private readonly List<DemoChange> _changes = [];
    private readonly List<ExistingRecord> _existing = [];
    private readonly Dictionary<string, long> _truth = new(StringComparer.Ordinal);

    private DemoScenario()
    {
    }

    /// <summary>In the order in which they arrive.</summary>
    public IReadOnlyList<CustomerSeed> Customers => _customers;

    /// <summary>What people do after that, in order.</summary>
    public IReadOnlyList<DemoChange> Changes => _changes;

    public IReadOnlyList<ExistingRecord> Existing => _existing;

    /// <summary>As many customers as <paramref name="events"/>; their second changes come on top.</summary>
    public static DemoScenario Build(int events, int seed)
    {
        var scenario = new DemoScenario();
        var maker = new CustomerMaker(seed);
        for (var i = 0; i < events; i++)
        {
            scenario.Add(maker, i, last: i == events - 1);
        }

        return scenario;
    }

    /// <summary>Sets up the fields the flow needs and the records that exist before it. Call once on a fresh org.</summary>
    public void Prepare(SalesforceSimulator salesforce)
    {
        ArgumentNullException.ThrowIfNull(salesforce);
        using var requires = JsonDocument.Parse(Requires);
        salesforce.AddRequired(requires.RootElement);
        foreach (var record in _existing)
        {
            _truth[salesforce.AddRecord(record.Type, record.Values)] = record.CustomerId;
        }
    }

    /// <summary>The customers appear in ServiceTitan.</summary>
    public void Arrive(ServiceTitanSimulator serviceTitan)
    {
        ArgumentNullException.ThrowIfNull(serviceTitan);
        _customers.ForEach(c => serviceTitan.AddCustomer(c));
    }

    /// <summary>People change, merge and deactivate customers.</summary>
    public void Change(ServiceTitanSimulator serviceTitan)
    {
        ArgumentNullException.ThrowIfNull(serviceTitan);
        _changes.ForEach(c => c.Apply(serviceTitan));
    }

    /// <summary>Active Accounts and Contacts beyond one for each surviving customer or its person. Records that belong to no customer of the scenario do not count.</summary>
    public int CountDuplicates(SalesforceSimulator salesforce)
    {
        ArgumentNullException.ThrowIfNull(salesforce);
        var survivors = _changes.OfType<Merged>().ToDictionary(m => m.CustomerId, m => m.Into);
        return Beyond("Account", CustomerKey, key => key) + Beyond("Contact", PersonKey, key => key.Split('/')[0]);

        int Beyond(string type, string keyField, Func<string, string> customerOf) => salesforce.Records(type, "Id", keyField, ActiveFlag)
            .Select(r => Owner(r["Id"]!, r[keyField], r[ActiveFlag] == "true", customerOf))
            .OfType<long>().GroupBy(id => id).Sum(g => g.Count() - 1);

        long? Owner(string id, string? key, bool active, Func<string, string> customerOf)
        {
            if (key is null)
            {
                return _truth.TryGetValue(id, out var meant) ? Survivor(meant) : null;
            }

            // A record with a key that was laid aside is no longer one of the active ones.
            return active && long.TryParse(customerOf(key), NumberStyles.None, CultureInfo.InvariantCulture, out var customer) ? Survivor(customer) : null;
        }

        long Survivor(long customer)
        {
            while (survivors.TryGetValue(customer, out var into))
            {
                customer = into;
            }

            return customer;
        }
    }

    private void Add(CustomerMaker maker, int i, bool last)
    {
        var id = FirstId + i;
        var customer = (i % 20) is 10 or 15 ? maker.Company(id) : maker.Person(id, (i % 20) is 13 ? maker.Pick(Names.Difficult) : null);
        switch (i % 20)
        {
            case 0:
                Exists("Account", new() { ["Name"] = customer.Name.ToUpperInvariant(), [CustomerKey] = Text(id), [ActiveFlag] = true });
                break;
            case 1:
                Exists("Account", new() { ["Name"] = customer.Name, ["BillingPostalCode"] = customer.Address.Zip, ["Phone"] = Value(customer, "MobilePhone") });
                customer = customer with { Contacts = [.. customer.Contacts.Where(c => c.Type != "Phone")] };
                break;
            case 2:
                Exists("Contact", new() { ["LastName"] = customer.Name.Split(' ')[^1], ["Email"] = Value(customer, "Email")!.ToUpperInvariant() });
                break;
            case 4:
                // A family: the customer before shares house and e-mail.
                var spouse = _customers[^1];
                customer = customer with { Address = spouse.Address, Contacts = [customer.Contacts[0], new("Email", Value(spouse, "Email")!)] };
                break;
            case 5:
                _changes.Add(new UnitChanged(id, customer.Address with { Unit = "Unit 1" }));
                _changes.Add(new UnitChanged(id, customer.Address with { Unit = "Unit 2" }));
                break;
            case 6:
                _changes.Add(new LineChanged(id, "MobilePhone", CustomerMaker.Phone(id, 2)));
                _changes.Add(new UnitChanged(id, customer.Address with { Unit = "B" }));
                break;
            case 7 when !last:
                _changes.Add(new Merged(id, id + 1));
                break;
            case 9:
                if (i % 40 == 9)
                {
                    customer = customer with { Active = false };
                }
                else
                {
                    _changes.Add(new Deactivated(id));
                }

                break;
            case 11:
                customer = customer with { Contacts = [.. customer.Contacts.Where(c => c.Type != "Email")] };
                break;
            case 12:
                customer = customer with { Contacts = i % 40 == 12 ? [] : [new("Fax", CustomerMaker.Phone(id, 2))] };
                break;
            case 14:
                Exists("Contact", new() { ["LastName"] = customer.Name.Split(' ')[^1], ["MobilePhone"] = Value(customer, "MobilePhone") });
                break;
        }

        _customers.Add(customer);

        void Exists(string type, Dictionary<string, object?> values) => _existing.Add(new ExistingRecord(type, id, values));
    }

    private static string? Value(CustomerSeed customer, string type) => customer.Contacts.FirstOrDefault(c => c.Type == type)?.Value;

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Reads the bodies that customers and locations share. Nothing is changed before the whole body was found good.</summary>
internal static class CustomerBody
{
    /// <summary>Sets custom fields, tags and external data; answers the application whose external data was given.</summary>
    public delegate Guid? CommonFields(SortedDictionary<long, string> customFields, Action<List<long>> tags, ExternalData external);

    private static readonly string[] ContactTypes = ["Phone", "Email", "Fax", "MobilePhone"];

    public static Address? ReadAddress(BodyReader body, bool required)
    {
        var a = body.Object("address", required);
        if (a is null)
        {
            return null;
        }

        var (street, city, state) = (a.Text("street", true), a.Text("city", true), a.Text("state", true));
        var (zip, country) = (a.Text("zip", true), a.Text("country", true));
        return new Address(
            street ?? "", a.Text("unit"), city ?? "", state ?? "", zip ?? "", country ?? "", (double?)a.Decimal("latitude"), (double?)a.Decimal("longitude"));
    }

    public static IReadOnlyList<ContactSeed> ReadContacts(BodyReader body) =>
        [.. (body.Objects("contacts") ?? []).Select(c => new ContactSeed(ReadContactType(c, true) ?? "Phone", c.Text("value", true) ?? "", c.Text("memo")))];

    public static string? ReadContactType(BodyReader body, bool required) => body.OneOf("type", required, ContactTypes);

    /// <param name="body">The body.</param>
    /// <param name="state">What custom fields and tags have to exist in; null where people act, who can only choose existing ones.</param>
    /// <param name="owner">Whose custom fields: <c>customers</c>, <c>locations</c>, <c>jobs</c>.</param>
    /// <param name="people">Where people act: a custom field may be said by its name, and one that is unknown is made.</param>
    public static CommonFields ReadCommon(BodyReader body, TenantState? state = null, string owner = "", TenantState? people = null)
    {
        var custom = body.Objects("customFields")?.Select(f => (Id: people is not null && f.Text("name") is { } name ? people.CustomFieldType(owner, name) : f.Integer("typeId", true) ?? 0, Value: f.Text("value", required: owner != "jobs") ?? "")).ToList();
        var tags = body.Integers("tagTypeIds");
        if (state is not null)
        {
            if (custom?.FindAll(c => state.Find("customFieldTypes", c.Id)?.Text("owner") != owner) is { Count: > 0 } unknown)
            {
                body.Fault("customFields", $"There is no custom field type {string.Join(", ", unknown.Select(u => u.Id))}.");
            }

            if (tags?.FindAll(t => !state.TagTypes.Has(t)) is { Count: > 0 } missing)
            {
                body.Fault("tagTypeIds", $"There is no tag type {string.Join(", ", missing)}.");
            }
        }

        var external = body.Object("externalData", false);
        var application = external?.Guid("applicationGuid", true);
        var merge = external?.OneOf("patchMode", false, "Replace", "Merge") == "Merge";
        var pairs = external?.Objects("externalData", true)?.Select(p => (p.Text("key", true) ?? "", p.Text("value"))).ToList();
        return (fields, setTags, data) =>
        {
            if (custom is not null)
            {
                fields.Clear();
                custom.FindAll(f => f.Value.Length > 0).ForEach(f => fields[f.Id] = f.Value);
            }

            if (tags is not null)
            {
                setTags(tags);
            }

            if (application is { } guid && pairs is not null)
            {
                data.Set(guid, pairs, merge);
            }

            return application;
        };
    }

    public static Action<Customer> ReadFlags(BodyReader body)
    {
        var (doNotMail, doNotService, nationalAccount) = (body.Flag("doNotMail"), body.Flag("doNotService"), body.Flag("nationalAccount"));
        var (taxExempt, paymentTermId) = (body.Flag("taxExempt"), body.Integer("paymentTermId"));
        var (creditLimit, creditLimitBalance) = (body.Decimal("creditLimit"), body.Decimal("creditLimitBalance"));
        return c =>
        {
            c.DoNotMail = doNotMail ?? c.DoNotMail;
            c.DoNotService = doNotService ?? c.DoNotService;
            c.NationalAccount = nationalAccount ?? c.NationalAccount;
            c.TaxExempt = taxExempt ?? c.TaxExempt;
            c.PaymentTermId = paymentTermId ?? c.PaymentTermId;
            c.CreditLimit = creditLimit ?? c.CreditLimit;
            c.CreditLimitBalance = creditLimitBalance ?? c.CreditLimitBalance;
        };
    }

    /// <summary>All members are optional, but an address has to be complete, coordinates and unit included.</summary>
    public static Action<Customer> ReadUpdate(BodyReader body)
    {
        var (name, type, active) = (body.Text("name"), body.OneOf("type", false, "Residential", "Commercial"), body.Flag("active"));
        var address = ReadAddress(body, required: false);
        if (address is not null && body.Object("address", false) is { } given)
        {
            given.Text("unit", required: true);
            given.Decimal("latitude", required: true);
            given.Decimal("longitude", required: true);
        }

        var flags = ReadFlags(body);
        return c =>
        {
            c.Name = name ?? c.Name;
            c.Type = type ?? c.Type;
            c.Active = active ?? c.Active;
            c.Address = address ?? c.Address;
            flags(c);
        };
    }
}

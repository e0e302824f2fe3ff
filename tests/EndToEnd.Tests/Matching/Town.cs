using System.Globalization;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.EndToEnd.Tests.Matching;

/// <summary>Customers in ServiceTitan and what sales typed about them in Salesforce; README.md says how often what goes wrong. The same for the same size.</summary>
internal sealed class Town
{
    public const int Seed = 20_260_301;

    private const long FirstId = 48_000_001;

    private static readonly string[] Firsts =
    [
        "Alexander", "Elizabeth", "Katherine", "Michael", "Jennifer", "Christopher", "Samantha", "Benjamin", "Victoria", "Nicholas", "Theodore", "Margaret", "Jonathan", "Gabriel", "Isabella", "Frederick", "Dana", "Sean", "Maria",
        "Luis", "Aisha", "Karl", "Mei", "Priya", "Olga", "Hugo", "Nora", "Ivan", "Ruth", "Omar", "Lena", "Emma", "Noah", "Tara", "Felix", "Grace", "Paula", "Simon", "Clara", "Agnes", "Boris", "Cecilia", "Dmitri", "Esther",
    ];

    private static readonly string[] Heads = ["Whit", "Oka", "Ruiz", "Nguy", "Schmi", "Kowal", "Had", "Lind", "Mor", "Tana", "Pet", "Ade", "Cast", "Fisch", "Nov", "Bian", "Lars", "Murph", "Silv", "Coh", "Yil", "Dub", "Kell", "Sant", "Wal", "Bak", "Turn", "Rey", "Hugh", "Osm"];

    private static readonly string[] Tails = ["field", "for", "en", "dt", "ski", "dad", "qvist", "eau", "ka", "rov", "yemi", "illo", "er", "ak", "chi", "sen", "y", "a", "maz", "ois", "os", "sh", "ton", "es", "man", "berg", "low", "stone"];

    private static readonly string[] Trades = ["Plumbing", "Dental", "Bakery", "Property Management", "Auto Repair", "Brewing", "Logistics", "Veterinary Clinic", "Roofing", "Law"];

    private static readonly string[] Forms = ["LLC", "Inc", "Co.", "Group"];

    private static readonly (string Long, string Short)[] Streets = [("Street", "St"), ("Avenue", "Ave"), ("Boulevard", "Blvd"), ("Drive", "Dr"), ("Lane", "Ln")];

    private readonly Random _random = new(Seed);
    private readonly List<CustomerSeed> _customers = [];
    private readonly List<Household> _typed = [];
    private int _phones;

    private Town()
    {
    }

    public IReadOnlyList<CustomerSeed> Customers => _customers;

    /// <summary>What sales typed: an Account, and a Contact of a person.</summary>
    public IReadOnlyList<Household> Typed => _typed;

    public static Town Build(int customers)
    {
        var town = new Town();
        while (town._customers.Count < customers)
        {
            if (town.One(0.18)) town.Company();
            // Two customers of one family are drawn together, so half the rate.
            else if (town.One(0.075)) town.Family();
            else town.Single();
        }

        for (var i = customers / 50; i > 0; i--) town.Namesake();
        return town;
    }

    private long NextId => FirstId + _customers.Count;

    private void Single()
    {
        var (first, last) = (Pick(Firsts), LastName());
        var person = Person(first, last, Address(), Email(first, last), One(0.9) ? Phone() : null, One(0.5) ? Phone() : null);
        if (One(0.01) && _customers.Count > 10 && _customers[_random.Next(_customers.Count)].Contacts.FirstOrDefault(c => c.Type == "Phone") is { } shared) person = person with { Landline = shared.Value };
        Add(person);
        if (One(0.04)) Spouse(person);
    }

    private void Family()
    {
        var (first, last, address) = (Pick(Firsts), LastName(), Address());
        var one = Person(first, last, address, Email(first, last), One(0.9) ? Phone() : null, One(0.6) ? Phone() : null);
        var (other, name) = (OtherFirst(first), One(0.9) ? last : LastName());
        var two = Person(other, name, address, One(0.7) ? one.Email : Email(other, name), One(0.9) ? Phone() : null, One(0.6) ? one.Landline : One(0.5) ? Phone() : null);
        Add(one);
        Add(two);
    }

    private void Company()
    {
        var (name, form, phone, address, id) = ($"{LastName()} {Pick(Trades)}", Pick(Forms), Phone(), Address(), NextId);
        _customers.Add(new CustomerSeed { Id = id, Name = $"{name} {form}", Type = "Commercial", Address = address, Contacts = [new("Phone", Spelt(phone)), new("Email", $"office.{id}@example.com")] });
        if (!One(0.6)) return;
        var noise = new List<string>();
        var typed = One(0.1) ? Noted(noise, "legal form", One(0.5) ? name : $"{name}, {Pick(Forms)}") : $"{name} {form}";
        if (One(0.02)) typed = Noted(noise, "company mistyped", Typo(typed));
        _typed.Add(new Household(id, Account(typed, Landline(phone, noise), address, noise), null, noise));
    }

    /// <summary>A person sales knows who is no customer and shares things with one.</summary>
    private void Spouse(Person of)
    {
        var (first, last) = (OtherFirst(of.First), One(0.9) ? of.Last : LastName());
        var spouse = of with { First = first, Last = last, Email = One(0.3) ? of.Email : Email(first, last), Mobile = Phone(), Landline = One(0.6) ? of.Landline : null };
        _typed.Add(new Household(null, Account($"{first} {last}", spouse.Landline, of.Address, []), Contact(spouse, []), ["spouse"]));
    }

    private void Namesake()
    {
        var name = _customers[_random.Next(_customers.Count)].Name;
        var parts = name.Split(' ', 2);
        var other = Person(parts[0], parts[^1], Address(), Email(parts[0], "other"), Phone(), null);
        _typed.Add(new Household(null, Account(name, other.Mobile, other.Address, []), Contact(other, []), ["namesake"]));
    }

    private void Add(Person person)
    {
        var id = NextId;
        var lines = new List<ContactSeed>();
        if (person.Mobile is { } mobile) lines.Add(new("MobilePhone", Spelt(mobile)));
        if (person.Landline is { } landline) lines.Add(new("Phone", Spelt(landline)));
        if (person.Email is { } email && (lines.Count == 0 || One(0.85))) lines.Add(new("Email", email));
        _customers.Add(new CustomerSeed { Id = id, Name = $"{person.First} {person.Last}", Address = person.Address, Contacts = lines });
        if (!One(0.6)) return;
        var noise = new List<string>();
        var first = Roll(noise, person.First, (0.015, "first name mistyped", Typo), (0.03, "first name shortened", n => n[..Math.Min(4, n.Length - 1)]), (0.01, "first name a letter", n => n[..1] + "."), (0.01, "first name missing", _ => null));
        var last = Roll(noise, person.Last, (0.015, "last name mistyped", Typo), (0.01, "last name changed", _ => LastName()))!;
        var typed = person with
        {
            First = first ?? "", Last = last,
            Email = Roll(noise, person.Email, (0.08, "e-mail changed", _ => $"old.{id}@example.org"), (0.1, "e-mail missing", _ => null), (0.015, "e-mail mistyped", e => Typo(e[..e.IndexOf('.', StringComparison.Ordinal)]) + e[e.IndexOf('.', StringComparison.Ordinal)..]), (0.2, "e-mail in capitals", e => e.ToUpperInvariant())),
            Mobile = Roll(noise, person.Mobile, (0.08, "mobile changed", _ => Phone()), (0.1, "mobile missing", _ => null)),
            Landline = Landline(person.Landline, noise),
        };
        _typed.Add(new Household(id, Account($"{typed.First} {typed.Last}".Trim(), typed.Landline ?? typed.Mobile, person.Address, noise), Contact(typed, noise), noise));
    }

    private Dictionary<string, object?> Account(string name, string? phone, Address address, List<string> noise)
    {
        var street = address.Street;
        if (One(0.3) && Streets.FirstOrDefault(s => street.EndsWith(s.Long, StringComparison.Ordinal)) is { Long: { } full } form) street = Noted(noise, "street abbreviated", street[..^full.Length] + form.Short);
        return new()
        {
            ["Name"] = name, ["Phone"] = phone is null ? null : Spelt(phone), ["BillingStreet"] = street, ["BillingCity"] = address.City, ["BillingState"] = address.State,
            ["BillingPostalCode"] = One(0.03) ? Noted(noise, "postcode mistyped", address.Zip[..4] + (char)('0' + ((address.Zip[4] - '0' + 1 + _random.Next(9)) % 10))) : address.Zip, ["BillingCountry"] = "USA",
        };
    }

    private Dictionary<string, object?> Contact(Person person, List<string> noise)
    {
        _ = noise;
        return new()
        {
            ["FirstName"] = person.First.Length == 0 ? null : person.First, ["LastName"] = person.Last, ["Email"] = person.Email, ["MobilePhone"] = person.Mobile is null ? null : Spelt(person.Mobile),
            ["Phone"] = person.Landline is null ? null : Spelt(person.Landline),
        };
    }

    private string? Landline(string? phone, List<string> noise) => Roll(noise, phone, (0.06, "landline changed", _ => Phone()), (0.2, "landline missing", _ => null));

    /// <summary>At most one of these befalls the value.</summary>
    private string? Roll(List<string> noise, string? value, params (double Rate, string What, Func<string, string?> Change)[] ways)
    {
        var roll = _random.NextDouble();
        foreach (var (rate, what, change) in ways)
        {
            if (roll < rate) return value is null ? null : Noted(noise, what, change(value)!);
            roll -= rate;
        }

        return value;
    }

    private static T Noted<T>(List<string> noise, string what, T value)
    {
        noise.Add(what);
        return value;
    }

    private string Typo(string text)
    {
        var at = 1 + _random.Next(Math.Max(1, Math.Min(text.Length - 2, 12)));
        return _random.Next(3) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, text[at].ToString()),
            _ => at + 1 < text.Length && text[at] != text[at + 1] ? text[..at] + text[at + 1] + text[at] + text[(at + 2)..] : text.Remove(at, 1),
        };
    }

    private static Person Person(string first, string last, Address address, string? email, string? mobile, string? landline) => new(first, last, address, email, mobile, landline);

    private string Phone() => (2_082_000_000L + (7_919L * ++_phones % 7_999_999)).ToString(CultureInfo.InvariantCulture);

    private string Spelt(string digits) => !One(0.5) ? digits : $"({digits[..3]}) {digits[3..6]}-{digits[6..]}";

    private Address Address()
    {
        var number = _random.Next(1, 9_000);
        return new Address($"{number.ToString(CultureInfo.InvariantCulture)} {Pick(Heads)}{Pick(Tails)} {Pick(Streets).Long}", null, "Boise", "ID", (83_600 + _random.Next(40)).ToString(CultureInfo.InvariantCulture), "USA");
    }

    private string Email(string first, string last) => $"{first}.{last}.{_random.Next(1_000_000)}@example.com".ToLowerInvariant();

    private string LastName() => Pick(Heads) + Pick(Tails);

    private string OtherFirst(string than)
    {
        while (true)
        {
            var first = Pick(Firsts);
            if (first != than) return first;
        }
    }

    private bool One(double rate) => _random.NextDouble() < rate;

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}

/// <summary>A person as it is.</summary>
internal sealed record Person(string First, string Last, Address Address, string? Email, string? Mobile, string? Landline);

/// <summary>What sales typed about somebody.</summary>
/// <param name="Customer">The customer it truly is; null = nobody ServiceTitan knows.</param>
/// <param name="Account">Fields of the Account.</param>
/// <param name="Contact">Fields of the Contact; null for a company.</param>
/// <param name="Noise">What went wrong while it was typed, or since.</param>
internal sealed record Household(long? Customer, Dictionary<string, object?> Account, Dictionary<string, object?>? Contact, List<string> Noise);

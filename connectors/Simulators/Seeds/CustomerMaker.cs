using System.Globalization;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Seeds;

/// <summary>Makes believable customers. No two share an address, a phone or an e-mail unless it is asked for.</summary>
internal sealed class CustomerMaker(int seed)
{
    private readonly Random _random = new(seed);

    public CustomerSeed Person(long id, string? name = null)
    {
        var (first, last) = (Pick(Names.First), Pick(Names.Last));
        return new CustomerSeed
        {
            Id = id, Name = name ?? $"{first} {last}", Address = Address(id),
            Contacts = [new("MobilePhone", Phone(id, 0)), new("Email", Email(id, first, last)), .. Sometimes(4, new ContactSeed("Phone", Phone(id, 1), "home"))],
        };
    }

    public CustomerSeed Company(long id)
    {
        var (owner, trade) = (Pick(Names.Last), Pick(Names.Trades));
        return new CustomerSeed
        {
            Id = id, Name = $"{owner} {trade} {Pick(Names.Forms)}", Type = "Commercial", Address = Address(id) with { Unit = $"Suite {_random.Next(1, 90)}" },
            Contacts = [new("Phone", Phone(id, 0), "front desk"), new("Email", Email(id, "office", owner)), .. Sometimes(3, new ContactSeed("Fax", Phone(id, 2)))],
        };
    }

    /// <summary>The number decides phone and address, so that they are unique; 555 belongs to nobody.</summary>
    public static string Phone(long id, int line)
    {
        var number = ((id % 3_000) * 3) + line;
        var area = Names.Places[(id + (id / 3_000)) % Names.Places.Length].Area;
        // Written as people write: four habits.
        return (number % 4) switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, $"({area}) 555-{number:0000}"),
            1 => string.Create(CultureInfo.InvariantCulture, $"{area}-555-{number:0000}"),
            2 => string.Create(CultureInfo.InvariantCulture, $"{area}555{number:0000}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"+1 {area} 555 {number:0000}"),
        };
    }

    public T Pick<T>(T[] from) => from[_random.Next(from.Length)];

    private static Address Address(long id)
    {
        var (city, state, zip, _) = Names.Places[id % Names.Places.Length];
        return new Address(
            string.Create(CultureInfo.InvariantCulture, $"{100 + id % 100_000} {Names.Streets[id % Names.Streets.Length]}"), null, city, state, zip, "USA");
    }

    private static string Email(long id, string first, string last) =>
        string.Create(CultureInfo.InvariantCulture, $"{first}.{last}.{id % 1_000_000}@example.com").ToLowerInvariant();

    private IEnumerable<ContactSeed> Sometimes(int oneIn, ContactSeed contact) => _random.Next(oneIn) == 0 ? [contact] : [];
}

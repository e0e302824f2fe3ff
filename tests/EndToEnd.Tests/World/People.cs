using System.Globalization;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.EndToEnd.Tests.World;

/// <summary>Customers for a test that needs no scenario.</summary>
internal static class People
{
    public const long FirstId = 77_000_001;

    public static IEnumerable<CustomerSeed> Of(int count, long first = FirstId) => Enumerable.Range(0, count).Select(i => One(first + i));

    public static CustomerSeed One(long id, string? name = null, string? email = null, string type = "Residential") => new()
    {
        Id = id,
        Name = name ?? $"{Letters(id)} Testperson",
        Type = type,
        Address = new Address(string.Create(CultureInfo.InvariantCulture, $"{id % 100_000} Maple St"), null, "Boise", "ID", "83702", "USA"),
        Contacts =
        [
            new ContactSeed("Email", email ?? string.Create(CultureInfo.InvariantCulture, $"p{id}@example.com")),
            new ContactSeed("MobilePhone", string.Create(CultureInfo.InvariantCulture, $"208-555-{id % 10_000:0000}")),
        ],
    };

    /// <summary>Names without digits, one for each number.</summary>
    private static string Letters(long id)
    {
        var name = "";
        for (var rest = id; rest > 0; rest /= 26) name += (char)('a' + (rest % 26));
        return char.ToUpperInvariant(name[0]) + name[1..];
    }
}

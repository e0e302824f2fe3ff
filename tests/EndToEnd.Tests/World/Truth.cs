using WorkflowEngine.Simulators.Seeds;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.EndToEnd.Tests.World;

/// <summary>A customer as it stands at the end of a scenario.</summary>
internal sealed record Truth(CustomerSeed Customer, bool Merged, bool Active)
{
    /// <summary>Whether the flow owes it an Account.</summary>
    public bool Survives => Active && !Merged;

    public string? Email => Line("Email")?.Trim().ToLowerInvariant();

    public string? Mobile => Phone(Line("MobilePhone"));

    public string? Landline => Phone(Line("Phone"));

    public bool Reachable => (Email ?? Mobile ?? Landline) is not null;

    public static IReadOnlyList<Truth> Of(DemoScenario scenario)
    {
        var customers = scenario.Customers.ToDictionary(c => c.Id!.Value, c => new Truth(c, false, c.Active));
        foreach (var change in scenario.Changes)
        {
            var before = customers[change.CustomerId];
            if (change is Simulators.Seeds.Merged merge)
            {
                // The loser's lines go over to the survivor; they are the older ones, and the flow takes the oldest of each type.
                var into = customers[merge.Into];
                customers[merge.Into] = into with { Customer = into.Customer with { Contacts = [.. before.Customer.Contacts, .. into.Customer.Contacts] } };
            }

            customers[change.CustomerId] = change switch
            {
                UnitChanged unit => before with { Customer = before.Customer with { Address = unit.Address } },
                LineChanged line => before with { Customer = before.Customer with { Contacts = With(before.Customer.Contacts, line) } },
                Simulators.Seeds.Merged => before with { Merged = true },
                Deactivated => before with { Active = false },
                _ => throw new InvalidOperationException($"The tests do not know {change}."),
            };
        }

        return [.. customers.Values];
    }

    private static List<ContactSeed> With(IReadOnlyList<ContactSeed> lines, LineChanged change)
    {
        var result = lines.ToList();
        var at = result.FindIndex(l => l.Type == change.Type);
        if (at < 0) result.Add(new ContactSeed(change.Type, change.Value));
        else result[at] = result[at] with { Value = change.Value };
        return result;
    }

    private string? Line(string type) => Customer.Contacts.FirstOrDefault(c => c.Type == type)?.Value;

    private static string? Phone(string? written)
    {
        if (written is null) return null;
        var digits = new string([.. written.Where(char.IsAsciiDigit)]);
        return digits.Length == 10 ? "+1" + digits : "+" + digits;
    }
}

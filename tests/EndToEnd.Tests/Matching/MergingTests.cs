using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Simulators.Salesforce;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Matching;

/// <summary>Merged customers are merged in Salesforce: whatever was filled on either side is filled afterwards, and nothing belongs to a record that is gone.</summary>
public sealed class MergingTests
{
    private const int Pairs = 60;

    /// <summary>What places a record or says whose it is: the survivor's own.</summary>
    private static readonly string[] Places = ["Name", "LastName", "RecordTypeId", "ParentId", "OwnerId", "AccountId", "ReportsToId"];

    private readonly Random _random = new(Town.Seed);

    [Fact]
    public async Task A_merge_leaves_no_orphan_and_loses_no_filled_field()
    {
        var clock = new SkipClock();
        var vendors = await Vendors.StartAsync(clock);
        Fields.Prepare(vendors);
        var org = vendors.Salesforce;
        var (accounts, contacts) = (Fillable("Account"), Fillable("Contact"));
        var before = new Dictionary<(string Type, long Survivor), HashSet<string>>();
        for (var i = 0; i < Pairs; i++)
        {
            var (loser, survivor) = (1_000L + (2 * i), 1_001L + (2 * i));
            foreach (var customer in new[] { loser, survivor })
            {
                vendors.ServiceTitan.AddCustomer(People.One(customer, $"Sam Shared {Text(customer)}", $"sam.{Text(customer)}@example.com"));
                var account = Enter(org, "Account", accounts, survivor, before, ("Name", $"Sam Shared {Text(customer)}"), (CustomerKey, Text(customer)), (ActiveFlag, true));
                var contact = Enter(org, "Contact", contacts, survivor, before, ("LastName", "Shared"), ("AccountId", account), (PersonKey, $"{Text(customer)}/primary"), (ActiveFlag, true));
                org.AddRecord("Contact", new Dictionary<string, object?> { ["LastName"] = "Colleague", ["AccountId"] = account });
                org.AddRecord("Opportunity", new Dictionary<string, object?> { ["Name"] = "Sale", ["AccountId"] = account, ["StageName"] = "Qualification", ["CloseDate"] = "2026-03-30" });
                org.AddRecord("Case", new Dictionary<string, object?> { ["Subject"] = "Late", ["AccountId"] = account, ["ContactId"] = contact });
            }
        }

        var folder = WorkspaceFolder.OfCustomers(vendors);
        folder.Write(
            $"deployments/{WorkspaceFolder.Deployment}.yaml",
            "deployment: customers\ntemplate: customer-to-salesforce\nconnections: { servicetitan: tenant, salesforce: org }\nparameters: { merged: merge }\n");
        await using var world = await EngineWorld.StartAsync(clock, vendors, folder, new());
        Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
        await world.OpenedAsync();
        await world.Host.StartAsync(default);
        for (var i = 0; i < Pairs; i++) vendors.ServiceTitan.MergeCustomers(1_000L + (2 * i), 1_001L + (2 * i));
        await world.SettleAsync();
        await world.NoLettersAsync();

        Assert.Equal(Pairs, org.Records("Account", "Id").Count);
        Assert.Equal(3 * Pairs, org.Records("Contact", "Id").Count);
        Holds(org, "Account", CustomerKey, accounts, before);
        Holds(org, "Contact", PersonKey, contacts, before);
        foreach (var (type, parent, field) in new[] { ("Contact", "Account", "AccountId"), ("Opportunity", "Account", "AccountId"), ("Case", "Account", "AccountId"), ("Case", "Contact", "ContactId") })
        {
            var living = org.Records(parent, "Id").Select(r => r["Id"]).ToHashSet();
            Assert.All(org.Records(type, "Id", field), child => Assert.True(living.Contains(child[field]), $"{type} {child["Id"]} belongs to the {parent} {child[field]}, which is gone."));
        }
    }

    private static IReadOnlyList<FieldDescriptor> Fillable(string entity) =>
        [.. new SalesforceConnector().Descriptor.Entities.First(e => e.Name == entity).Fields.Where(f => f.Updatable && !Places.Contains(f.Name))];

    private string Enter(SalesforceSimulator org, string type, IReadOnlyList<FieldDescriptor> fields, long survivor, Dictionary<(string, long), HashSet<string>> before, params (string Name, object? Value)[] always)
    {
        var values = always.ToDictionary(a => a.Name, a => a.Value);
        foreach (var field in fields.Where(_ => _random.Next(3) == 0)) values[field.Name] = Value(field);
        if (!before.TryGetValue((type, survivor), out var filled)) before[(type, survivor)] = filled = [];
        filled.UnionWith(values.Keys.Intersect(fields.Select(f => f.Name)));
        return org.AddRecord(type, values);
    }

    private object Value(FieldDescriptor field) => field.Type.Kind switch
    {
        FieldKind.Boolean => true,
        FieldKind.Decimal or FieldKind.Number or FieldKind.Integer => 1 + _random.Next(1_000),
        FieldKind.Date => "1980-05-17",
        FieldKind.Choice => field.Type.Choices is [var first, ..] ? first : "Other",
        FieldKind.Email => $"x{Text(_random.Next(100_000))}@example.com",
        FieldKind.Phone => "208555" + _random.Next(10_000).ToString("0000", CultureInfo.InvariantCulture),
        FieldKind.Url => "https://shared.example",
        _ => $"v{Text(_random.Next(1_000))}",
    };

    private static void Holds(SalesforceSimulator org, string type, string key, IReadOnlyList<FieldDescriptor> fields, Dictionary<(string Type, long Survivor), HashSet<string>> before)
    {
        var rows = org.Records(type, ["Id", key, .. fields.Select(f => f.Name)]).Where(r => r[key] is not null).ToDictionary(r => long.Parse(r[key]!.Split('/')[0], CultureInfo.InvariantCulture));
        foreach (var ((_, survivor), filled) in before.Where(b => b.Key.Type == type))
        {
            var lost = filled.Where(f => rows[survivor][f] is null or "false").ToList();
            Assert.True(lost.Count == 0, $"{type} of {survivor} lost {string.Join(", ", lost)}");
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

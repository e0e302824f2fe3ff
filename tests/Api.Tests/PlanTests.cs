using System.Text.Json;

namespace WorkflowEngine.Api.Tests;

/// <summary>What would happen, without a write.</summary>
public sealed class PlanTests : IAsyncLifetime
{
    /// <summary>An account per order's customer, found again by its number; a later read sees the virtual write.</summary>
    private const string Flow = """
        flow: orders
        title: Orders become accounts
        version: 1.0.0
        connections: { salesforce: salesforce }
        input:
          id: { type: text }
          name: { type: text }
        trigger: { webhook: orders, with: =trigger }
        key: =input.id
        steps:
          - id: account
            upsert: salesforce/Account
            match: [ [AccountNumber] ]
            set: { AccountNumber: =input.id, Name: =input.name, Phone: '555' }
          - id: seen
            lookup: salesforce/Account
            where: { AccountNumber: =input.id }
          - create: salesforce/Contact
            once: { LastName: '=`${seen.Name} ${input.id}`' }
            set: { AccountId: =seen.Id }
            options: { duplicates: accept }
        """;

    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync(new Dictionary<string, string>
    {
        ["flows/orders/flow.yaml"] = Flows.Orders, ["deployments/orders.yaml"] = Flows.OrdersDeployment,
    });

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_plan_tells_the_writes_of_each_input_and_writes_nothing()
    {
        var before = Written();
        var plan = await _world.PostAsync("/api/flows/plan", new { deployment = "orders", inputs = new[] { new { id = "1", name = "Ruiz" }, new { id = "2", name = "Okafor" } } });
        Assert.Equal(before, Written());
        var runs = plan.GetProperty("runs");
        Assert.Equal(["succeeded", "succeeded"], runs.EnumerateArray().Select(r => r.GetProperty("outcome").GetString()));
        var effect = runs[1].GetProperty("effects").EnumerateArray().Single();
        Assert.Equal(("account", "create", "Account", "new:Account:2"), (Text(effect, "step"), Text(effect, "verb"), Text(effect, "entity"), Text(effect, "record")));
        Assert.Equal("Okafor", effect.GetProperty("fields").EnumerateArray().Single(f => Text(f, "name") == "Name").GetProperty("after").GetString());
        Assert.Equal(2, plan.GetProperty("totals").GetProperty("create Account").GetInt32());
        Assert.Equal(JsonValueKind.Null, plan.GetProperty("differences").ValueKind);
    }

    [Fact]
    public async Task An_edited_line_shows_as_that_field_of_those_records_and_two_plans_are_equal()
    {
        var body = new
        {
            deployment = "orders", files = new[] { new { path = "flow.yaml", content = Flows.Orders.Replace("Phone: '555'", "Phone: '=input.id === \"2\" ? \"777\" : \"555\"'", StringComparison.Ordinal) } },
            inputs = new[] { new { id = "1", name = "Ruiz" }, new { id = "2", name = "Okafor" }, new { id = "3", name = "Lind" } },
        };
        var first = await _world.PostAsync("/api/flows/plan", body);
        var difference = first.GetProperty("differences").EnumerateArray().Single();
        Assert.Equal("input 2", Text(difference, "event"));
        var field = difference.GetProperty("fields").EnumerateArray().Single();
        Assert.Equal(("Phone", "555", "777"), (Text(field, "name"), Text(field, "before"), Text(field, "after")));
        Assert.Equal(first.GetRawText(), (await _world.PostAsync("/api/flows/plan", body)).GetRawText());
        Assert.Equal(0, Written());
    }

    [Fact]
    public async Task Later_reads_see_virtual_writes_and_what_depends_on_them_is_known_after_apply()
    {
        var plan = await _world.PostAsync("/api/flows/plan", new
        {
            deployment = "orders", files = new[] { new { path = "flow.yaml", content = Flow } }, inputs = new[] { new { id = "1", name = "Ruiz" }, new { id = "1", name = "Ruiz and Lind" } },
        });
        var runs = plan.GetProperty("runs");
        Assert.True(runs[0].GetProperty("outcome").GetString() == "succeeded", plan.GetRawText());
        var effects = runs[0].GetProperty("effects").EnumerateArray().ToList();
        Assert.Equal(["create Account new:Account:1", "create Contact new:Contact:1"], effects.Select(e => $"{Text(e, "verb")} {Text(e, "entity")} {Text(e, "record")}"));
        var parent = effects[1].GetProperty("fields").EnumerateArray().Single(f => Text(f, "name") == "AccountId");
        Assert.Equal(("new:Account:1", true), (Text(parent, "after"), parent.GetProperty("knownAfterApply").GetBoolean()));
        var update = runs[1].GetProperty("effects")[0];
        Assert.Equal(("update", "new:Account:1"), (Text(update, "verb"), Text(update, "record")));
        var name = update.GetProperty("fields").EnumerateArray().Single(f => Text(f, "name") == "Name");
        Assert.Equal(("Ruiz", "Ruiz and Lind"), (Text(name, "before"), Text(name, "after")));
        Assert.Equal(0, Written());
    }

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();

    private int Written() => _world.Salesforce.Statistics.Rows.Where(r => r.Key.EndsWith(".created", StringComparison.Ordinal) || r.Key.EndsWith(".updated", StringComparison.Ordinal)).Sum(r => r.Value);
}

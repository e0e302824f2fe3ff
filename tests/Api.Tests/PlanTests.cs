using System.Net;
using System.Text.Json;
using WorkflowEngine.Simulators.Seeds;

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
    public async Task A_plan_tells_that_a_deleted_record_would_be_taken_back_and_later_inputs_find_it()
    {
        var id = _world.Salesforce.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Ruiz", ["AccountNumber"] = "1", ["Phone"] = "1" });
        using (var people = new HttpClient { BaseAddress = _world.SalesforceAddress }) Assert.True((await people.DeleteAsync(new Uri($"/_people/Account/{id}", UriKind.Relative))).IsSuccessStatusCode);
        var restoring = Flows.Orders.Replace("create: ", "upsert: ", StringComparison.Ordinal)
            .Replace("once: { AccountNumber: =input.id }", "match: [[AccountNumber]]\n    onDeleted: restore", StringComparison.Ordinal).Replace("set: { Name", "set: { AccountNumber: =input.id, Name", StringComparison.Ordinal);
        var plan = await _world.PostAsync("/api/flows/plan", new
        {
            deployment = "orders", files = new[] { new { path = "flow.yaml", content = restoring } },
            inputs = new[] { new { id = "1", name = "Ruiz" }, new { id = "1", name = "Ruiz" }, new { id = "2", name = "Okafor" } },
        });
        Assert.True(plan.TryGetProperty("runs", out var runs), plan.GetRawText());
        Assert.Equal(
            [$"restore {id}, update {id}", "", "create new:Account:1"],
            runs.EnumerateArray().Select(r => string.Join(", ", r.GetProperty("effects").EnumerateArray().Select(e => $"{Text(e, "verb")} {Text(e, "record")}"))));
        Assert.Empty(_world.Salesforce.Records("Account", "Id"));
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

    [Fact]
    public async Task An_edited_line_over_the_records_of_the_last_runs_lists_exactly_those_records()
    {
        const int Customers = 12;
        var flow = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "flows", "customer-to-salesforce", "flow.yaml"));
        var scenario = DemoScenario.Build(Customers, seed: 3);
        await using var world = await ApiWorld.StartAsync(
            new Dictionary<string, string>
            {
                ["flows/customer-to-salesforce/flow.yaml"] = flow,
                ["deployments/customers.yaml"] = "deployment: customers\ntemplate: customer-to-salesforce\nconnections: { servicetitan: tenant, salesforce: org }\nsince: 2020-01-01\n",
            },
            prepare: w => scenario.Prepare(w.Salesforce));
        scenario.Arrive(world.ServiceTitan);
        await world.UntilAsync("/api/runs?deployment=customers&limit=200", r => r.EnumerateArray().Select(x => x.GetProperty("record").GetString()).Distinct().Count() >= Customers);
        await world.Host.Runtime.WaitIdleAsync(default);
        var before = Written(world);
        const string Line = "Name: =text.truncate(input.name, 255)";
        Assert.Contains(Line, flow, StringComparison.Ordinal);
        var plan = await world.PostAsync("/api/flows/plan", new
        {
            deployment = "customers", recent = 100, files = new[] { new { path = "flow.yaml", content = flow.Replace(Line, "Name: '=text.truncate(`${input.name} *`, 255)'", StringComparison.Ordinal) } },
        });
        Assert.Equal(before, Written(world));
        var planned = plan.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("event").GetString()).ToHashSet();
        var differences = plan.GetProperty("differences").EnumerateArray().ToList();
        Assert.All(differences, d => Assert.Equal(["Name"], d.GetProperty("fields").EnumerateArray().Select(f => f.GetProperty("name").GetString())));
        Assert.All(differences, d => Assert.EndsWith(" *", d.GetProperty("fields")[0].GetProperty("after").GetString(), StringComparison.Ordinal));
        Assert.All(differences, d => Assert.Equal("Account", d.GetProperty("entity").GetString()));

        // The oracle: customers whose live runs wrote an account.
        var wrote = new HashSet<string?>();
        foreach (var run in (await world.GetAsync("/api/runs?deployment=customers&limit=200")).GetProperty("data").EnumerateArray())
        {
            var effects = (await world.GetAsync("/api/runs/" + run.GetProperty("id").GetString())).GetProperty("effects").EnumerateArray();
            if (effects.Any(e => e.GetProperty("entity").GetString() == "Account")) wrote.Add(run.GetProperty("record").GetString());
        }

        Assert.Equal(Customers, planned.Count);
        Assert.Equal(wrote, differences.Select(d => d.GetProperty("event").GetString()).ToHashSet());
    }

    [Fact]
    public async Task A_deployment_that_does_not_run_yet_and_one_with_other_settings_are_planned_as_they_would_be()
    {
        var flow = Flows.Orders.Replace("flow: orders", "flow: shop\nparameters: { phone: { type: text, default: '555' } }", StringComparison.Ordinal).Replace("Phone: '555'", "Phone: =params.phone", StringComparison.Ordinal);
        (await _world.SendAsync(HttpMethod.Put, "/api/templates/shop", new { files = new[] { new { path = "flow.yaml", content = flow } } })).EnsureSuccessStatusCode().Dispose();
        object Request(string phone) => new { template = "shop", connections = new { salesforce = "org" }, parameters = new { phone } };
        var inputs = new[] { new { id = "1", name = "Ruiz" } };
        var plan = await _world.PostAsync("/api/flows/plan", new { deployment = "shop", specification = Request("111"), inputs });
        Assert.Equal(JsonValueKind.Null, plan.GetProperty("differences").ValueKind);
        Assert.Equal("111", Phone(plan.GetProperty("runs")[0].GetProperty("effects")[0], "after"));
        Assert.Equal(HttpStatusCode.NotFound, (await _world.SendAsync(HttpMethod.Get, "/api/deployments/shop")).StatusCode);
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, "/api/flows/plan", new { deployment = "shop", specification = Request("111"), recent = 5 }), HttpStatusCode.BadRequest, "bad-request");
        await ApiWorld.ProblemAsync(
            await _world.SendAsync(HttpMethod.Post, "/api/flows/plan", new { deployment = "shop", specification = new { template = "shop", connections = new { salesforce = "none" } }, inputs }), HttpStatusCode.UnprocessableEntity, "does-not-fit");

        (await _world.SendAsync(HttpMethod.Put, "/api/deployments/shop", Request("111"))).EnsureSuccessStatusCode().Dispose();
        var changed = await _world.PostAsync("/api/flows/plan", new { deployment = "shop", specification = Request("222"), inputs });
        var difference = changed.GetProperty("differences").EnumerateArray().Single();
        Assert.Equal(("111", "222"), (Phone(difference, "before"), Phone(difference, "after")));
        Assert.Empty((await _world.PostAsync("/api/flows/plan", new { deployment = "shop", specification = Request("111"), inputs })).GetProperty("differences").EnumerateArray());
        Assert.Equal(0, Written());

        static string? Phone(JsonElement row, string side) => row.GetProperty("fields").EnumerateArray().Single(f => Text(f, "name") == "Phone").GetProperty(side).GetString();
    }

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();

    private int Written() => Written(_world);

    private static int Written(ApiWorld world) => world.Salesforce.Statistics.Rows.Where(r => r.Key.EndsWith(".created", StringComparison.Ordinal) || r.Key.EndsWith(".updated", StringComparison.Ordinal)).Sum(r => r.Value);
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Simulators.Seeds;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Api.Tests;

/// <summary>A plan against an oracle, and against what then happens. FLOW_PLAN says over how many events (default 300; a plan takes at most 5,000).</summary>
public sealed class PlanProofTests(ITestOutputHelper output)
{
    private const string Deployment = "deployment: customers\ntemplate: customer-to-salesforce\nconnections: { servicetitan: tenant, salesforce: org }\nsince: 2020-01-01\n";
    private const string City = "BillingCity: =input.address.city";

    private static int Events => int.TryParse(Environment.GetEnvironmentVariable("FLOW_PLAN"), CultureInfo.InvariantCulture, out var asked) ? asked : 300;

    [Fact]
    public async Task An_edited_line_over_recorded_events_lists_exactly_the_records_an_oracle_computes_and_twice_the_same_bytes()
    {
        var flow = await FlowAsync();
        await using var world = await StartAsync(flow, Deployment, w => DemoScenario.Build(0, 1).Prepare(w.Salesforce));
        for (var i = 0; i < Events; i++) world.ServiceTitan.AddCustomer(Customer(i));
        await SettledAsync(world, "customers", Events);
        var accounts = world.Salesforce.Records("Account", ["Id", DemoScenario.CustomerKey, "BillingCity"]);
        Assert.Equal(Events, accounts.Count);

        // The oracle knows the edited line only: customers of Meridian get another city, all others none.
        var expected = accounts.Where(a => a["BillingCity"] == "Meridian").Select(a => a["Id"]!).Order(StringComparer.Ordinal).ToList();
        Assert.InRange(expected.Count, 1, Events / 2);
        Assert.Contains(City, flow, StringComparison.Ordinal);
        var body = new
        {
            deployment = "customers", recent = Events,
            files = new[] { new { path = "flow.yaml", content = flow.Replace(City, "BillingCity: '=input.address.city === \"Meridian\" ? \"Meridian City\" : input.address.city'", StringComparison.Ordinal) } },
        };
        var before = Written(world);
        var clock = Stopwatch.StartNew();
        var plan = await PlanAsync(world, body);
        output.WriteLine($"plan over {Events} recorded events: {clock.Elapsed.TotalSeconds:0.0} s");
        Assert.Equal(Events, plan.GetProperty("runs").GetArrayLength());
        var differences = plan.GetProperty("differences").EnumerateArray().ToList();
        Assert.Equal(expected, differences.Select(d => d.GetProperty("record").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(differences, d =>
        {
            var field = d.GetProperty("fields").EnumerateArray().Single();
            Assert.Equal(("BillingCity", "Meridian City"), (field.GetProperty("name").GetString(), field.GetProperty("after").GetString()));
        });
        Assert.Equal(before, Written(world));
        Assert.Equal(plan.GetRawText(), (await PlanAsync(world, body)).GetRawText());
        Assert.Equal(before, Written(world));
    }

    [Fact]
    public async Task What_a_plan_predicts_of_the_demo_is_what_then_happens()
    {
        var flow = await FlowAsync();
        var scenario = DemoScenario.Build(Math.Min(Events, 1_000), seed: 5);
        await using var world = await StartAsync(flow, Deployment + "state: paused\n", w => scenario.Prepare(w.Salesforce));
        scenario.Arrive(world.ServiceTitan);
        var ids = scenario.Customers.Select(c => c.Id!.Value.ToString(CultureInfo.InvariantCulture)).ToList();
        await ProveAsync(world, "new customers", ids, ids.Count);

        // What people change afterwards meets records that we made, and links and memories of before.
        await world.PostAsync("/api/deployments/customers/pause", new { reason = "people change customers" });
        scenario.Change(world.ServiceTitan);
        var changed = scenario.Changes.Select(c => c.CustomerId).Distinct().ToList();
        // A merge changes both customers.
        var touched = changed.Union(scenario.Changes.OfType<Merged>().Select(m => m.Into)).Select(c => c.ToString(CultureInfo.InvariantCulture)).ToList();
        await ProveAsync(world, "changed customers", touched, ids.Count + changed.Count);
    }

    /// <summary>Plans the records while nothing runs, lets them run, and compares effect by effect.</summary>
    private async Task ProveAsync(ApiWorld world, string what, IReadOnlyList<string> ids, int events)
    {
        var written = Written(world);
        var before = await RunsAsync(world);
        var plan = await PlanAsync(world, new { deployment = "customers", records = ids });
        Assert.Equal(written, Written(world));

        var since = world.Host.Time.GetUtcNow();
        await world.PostAsync("/api/deployments/customers/resume", new { });
        await SettledAsync(world, "customers", events);
        foreach (var run in (await RunsAsync(world)).Where(r => !before.ContainsKey(r.Key) && r.Value.GetProperty("effects").GetInt32() > 0)) await world.ExplainedAsync(run.Key);
        // Per event and effect: the verb, the record type, each field with its value; ids of records made on the way are known after apply only.
        var outcome = await world.PostAsync("/api/flows/plan/outcome", new { deployment = "customers", since, runs = plan.GetProperty("runs") });
        var (effects, equal) = (outcome.GetProperty("effects").GetInt32(), outcome.GetProperty("equal").GetInt32());
        var wrong = outcome.GetProperty("deviations").EnumerateArray().Select(d => d.GetRawText()).ToList();
        Assert.Equal(ids.Count, outcome.GetProperty("events").GetInt32());
        Assert.All(outcome.GetProperty("deviations").EnumerateArray(), d => Assert.False(string.IsNullOrEmpty(d.GetProperty("why").GetString())));
        output.WriteLine($"{what}: {equal} of {effects} effects of {ids.Count} events as predicted ({100.0 * equal / effects:0.00} %)");
        foreach (var line in wrong.Take(20)) output.WriteLine(line);
        Assert.True(effects > ids.Count / 2, $"{effects} effects");
        Assert.True(equal >= 0.995 * effects, $"{equal} of {effects} as predicted:\n{string.Join("\n", wrong.Take(10))}");
    }

    private static async Task<Dictionary<string, JsonElement>> RunsAsync(ApiWorld world)
    {
        var runs = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        string? cursor = null;
        do
        {
            var page = await world.GetAsync("/api/runs?deployment=customers&limit=200" + (cursor is null ? "" : "&cursor=" + cursor));
            foreach (var run in page.GetProperty("data").EnumerateArray()) runs[run.GetProperty("id").GetString()!] = run;
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);
        return runs;
    }

    private static CustomerSeed Customer(int i) => new()
    {
        Id = 77_000_001 + i, Name = $"Person {Letters(i)}", Type = "Residential",
        Address = new Address(string.Create(CultureInfo.InvariantCulture, $"{i + 1} Maple St"), null, i % 7 == 0 ? "Meridian" : "Boise", "ID", "83702", "USA"),
        Contacts = [new ContactSeed("Email", string.Create(CultureInfo.InvariantCulture, $"p{i}@example.com"))],
    };

    private static string Letters(int i) => i < 26 ? ((char)('a' + i)).ToString() : Letters((i / 26) - 1) + (char)('a' + (i % 26));

    private static async Task<ApiWorld> StartAsync(string flow, string deployment, Action<ApiWorld> prepare) =>
        await ApiWorld.StartAsync(new Dictionary<string, string> { ["flows/customer-to-salesforce/flow.yaml"] = flow, ["deployments/customers.yaml"] = deployment }, prepare: prepare);

    private static Task<string> FlowAsync() => File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "flows", "customer-to-salesforce", "flow.yaml"));

    private static async Task<JsonElement> PlanAsync(ApiWorld world, object body)
    {
        using var patient = new HttpClient { BaseAddress = world.Address, Timeout = TimeSpan.FromMinutes(5) };
        return await ApiWorld.GoodAsync(await ApiWorld.SendAsync(patient, HttpMethod.Post, "/api/flows/plan", body));
    }

    /// <summary>Waits until every customer has run and nothing waits any more.</summary>
    private static async Task SettledAsync(ApiWorld world, string deployment, int events)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (true)
        {
            var flow = (await world.GetAsync("/api/deployments/" + deployment)).GetProperty("flows")[0];
            var waiting = flow.GetProperty("waiting").EnumerateObject().Sum(w => w.Value.GetInt64());
            var runs = flow.GetProperty("runs").EnumerateObject().Sum(w => w.Value.GetInt64());
            if (waiting == 0 && runs >= events && world.Host.Runtime.RunsInMemory == 0) break;
            await Task.Delay(50, limit.Token);
        }

        await world.Host.Runtime.WaitIdleAsync(limit.Token);
    }

    private static int Written(ApiWorld world) => world.Salesforce.Statistics.Rows.Where(r => r.Key.EndsWith(".created", StringComparison.Ordinal) || r.Key.EndsWith(".updated", StringComparison.Ordinal)).Sum(r => r.Value);
}

using System.Net;
using System.Text.Json;
using WorkflowEngine.Runtime;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Api.Tests;

/// <summary>A run once more.</summary>
public sealed class RunReplayTests : IAsyncLifetime
{
    private const string Customers = """
        flow: customers
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        trigger: { on: servicetitan/customer, every: 24h, becomes: { active: true } }
        steps:
          - upsert: salesforce/Account
            match: [ [AccountNumber] ]
            set: { AccountNumber: =input.id, Name: =input.name, Phone: '555' }
            options: { duplicates: accept }
        """;

    private static readonly Dictionary<string, string> Files = new()
    {
        ["flows/orders/flow.yaml"] = Flows.Orders, ["deployments/orders.yaml"] = Flows.OrdersDeployment,
        ["flows/customers/flow.yaml"] = Customers, ["deployments/customers.yaml"] = "deployment: customers\ntemplate: customers\nconnections: { servicetitan: tenant, salesforce: org }\nsharedFields: [Account.AccountNumber, Account.Name, Account.Phone]\n",
    };

    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync(Files);

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_run_of_a_record_begins_anew_with_the_record_as_it_is_now_and_the_same_wish_is_one_event()
    {
        _world.ServiceTitan.AddCustomer(new CustomerSeed { Id = 9_001, Name = "Ruiz", Active = true });
        await _world.PostAsync("/api/deployments/customers/backfills", new { records = new[] { "9001" } });
        // The source's first poll may see the customer too, and make a run of its own.
        var run = (await _world.UntilAsync("/api/runs?deployment=customers&outcome=succeeded", r => r.GetArrayLength() >= 1))[0].GetProperty("id").GetString();
        var account = _world.Salesforce.Records("Account", "Id", "AccountNumber").Single(a => a["AccountNumber"] == "9001")["Id"]!;
        _world.Salesforce.EditRecord(account, new Dictionary<string, object?> { ["Name"] = "Somebody else" });

        var first = await ReplayAsync(run, null, "wish-1");
        Assert.Equal((HttpStatusCode.Accepted, false), (first.Status, first.Body.GetProperty("same").GetBoolean()));
        var second = await ReplayAsync(run, new { from = "start" }, "wish-1");
        Assert.Equal((HttpStatusCode.Accepted, true, JsonValueKind.Null), (second.Status, second.Body.GetProperty("same").GetBoolean(), second.Body.GetProperty("event").ValueKind));
        // The record satisfied the condition before; a person who wants the run again wants its steps.
        await _world.UntilAsync("/api/runs?deployment=customers&outcome=succeeded", r => r.GetArrayLength() >= 2 && NameOf(account) == "Ruiz");
        Assert.False((await ReplayAsync(run, null, null)).Body.GetProperty("same").GetBoolean());
        await _world.UntilAsync("/api/runs?deployment=customers", r => r.GetArrayLength() >= 3);

        Assert.Contains("did not fail", (await RefusedAsync(run, new { from = "step" })).GetProperty("detail").GetString(), StringComparison.Ordinal);
        var audit = (await _world.GetAsync("/api/audit?target=" + run)).GetProperty("data");
        Assert.Equal(2, audit.GetArrayLength());
        Assert.Equal(("run.replay", "local"), (audit[0].GetProperty("action").GetString(), audit[0].GetProperty("actor").GetString()));
    }

    private string? NameOf(string account) => _world.Salesforce.Records("Account", "Id", "Name").Single(a => a["Id"] == account)["Name"];

    [Fact]
    public async Task A_failed_run_goes_the_way_of_its_dead_letter_once_from_the_step_or_from_the_start()
    {
        var tooLong = new string('n', 300);
        foreach (var id in new[] { "f1", "f2", "f3" }) (await _world.HookAsync($$"""{ "id": "{{id}}", "name": "{{tooLong}}" }""")).EnsureSuccessStatusCode().Dispose();
        var runs = (await _world.UntilAsync("/api/runs?outcome=failed", r => r.GetArrayLength() == 3)).EnumerateArray().ToDictionary(r => r.GetProperty("key").GetString()!, r => r.GetProperty("id").GetString());
        Assert.False((await ReplayAsync(runs["f1"], new { from = "step" }, null)).Body.GetProperty("same").GetBoolean());
        // It fails again at the same step: another run, another letter; the first stays replayed and asking again does nothing.
        await _world.UntilAsync("/api/runs?outcome=failed&key=f1", r => r.GetArrayLength() == 2);
        Assert.True((await ReplayAsync(runs["f1"], null, null)).Body.GetProperty("same").GetBoolean());
        Assert.Equal(2, (await _world.GetAsync("/api/dead-letters?state=all&key=f1")).GetProperty("data").GetArrayLength());

        var letter = (await _world.GetAsync("/api/dead-letters?key=f2")).GetProperty("data")[0].GetProperty("id").GetInt64();
        await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Patch, $"/api/dead-letters/{letter}", new { discard = "a test order" }));
        var refused = (await RefusedAsync(runs["f2"], null)).GetProperty("detail").GetString();
        Assert.Contains($"The dead letter {letter} of this run is discarded: a test order", refused, StringComparison.Ordinal);

        // Of two who replay one letter at the same moment, one does.
        var third = (await _world.GetAsync("/api/dead-letters?key=f3")).GetProperty("data")[0].GetProperty("id").GetInt64();
        var replays = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _world.Host.Runtime.Replayer.ReplayAsync("default", third, fromStep: false, default)));
        Assert.Single(replays, r => r is not null);
    }

    [Fact]
    public async Task A_call_that_ended_well_is_not_kept_and_the_refusal_says_so()
    {
        (await _world.HookAsync("""{ "id": "w1", "name": "Ruiz" }""")).EnsureSuccessStatusCode().Dispose();
        var run = (await _world.UntilAsync("/api/runs?key=w1", r => r.GetArrayLength() == 1))[0].GetProperty("id").GetString();
        Assert.Contains("deleted when a run ended well", (await RefusedAsync(run, null)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, $"/api/runs/{run}/replay", new { from = "middle" }), HttpStatusCode.BadRequest, "bad-request");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, $"/api/runs/{run}/replay", null, ("Idempotency-Key", new string('k', 101))), HttpStatusCode.BadRequest, "bad-request");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, "/api/runs/none/replay", new { }), HttpStatusCode.NotFound, "not-found");
        Assert.Single(await _world.Host.View.Runs.ListAsync(new RunFilter { Workspace = "default" }, default));
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> ReplayAsync(string? run, object? body, string? wish)
    {
        using var answer = await _world.SendAsync(HttpMethod.Post, $"/api/runs/{run}/replay", body, wish is null ? [] : [("Idempotency-Key", wish)]);
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()));
    }

    private async Task<JsonElement> RefusedAsync(string? run, object? body) =>
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, $"/api/runs/{run}/replay", body), HttpStatusCode.Conflict, "conflict");
}

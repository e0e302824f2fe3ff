using System.Globalization;
using System.Net;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Api.Tests;

/// <summary>Records that were there before, handed in beside live events.</summary>
public sealed class BackfillTests : IAsyncLifetime
{
    private const int Customers = 40;

    private const string Flow = """
        flow: customers
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        trigger: { on: servicetitan/customer.changed, every: 24h }
        steps:
          - upsert: salesforce/Account
            match: [ [AccountNumber] ]
            set: { AccountNumber: =input.id, Name: =input.name, Phone: '555' }
            options: { duplicates: accept }
        """;

    internal static readonly Dictionary<string, string> Files = new()
    {
        ["flows/customers/flow.yaml"] = Flow, ["deployments/customers.yaml"] = "deployment: customers\ntemplate: customers\nconnections: { servicetitan: tenant, salesforce: org }\n",
    };

    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync(Files, prepare: world =>
    {
        for (var i = 0; i < Customers; i++)
        {
            world.ServiceTitan.AddCustomer(new CustomerSeed { Id = 9_000 + i, Name = string.Create(CultureInfo.InvariantCulture, $"Customer {i}"), Active = true });
        }
    });

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task By_feed_all_that_was_there_before_the_deployment_arrives_and_the_answer_tells_how_far_it_is()
    {
        var begun = await _world.PostAsync("/api/deployments/customers/backfills", new { from = "2020-01-01T00:00:00Z" });
        Assert.Equal(("feed", "customer", "local"), (begun.GetProperty("by").GetString(), begun.GetProperty("entity").GetString(), begun.GetProperty("startedBy").GetString()));
        var rows = await _world.UntilAsync("/api/deployments/customers/backfills", data => data[0].GetProperty("state").GetString() == "done");
        Assert.Equal((Customers, Customers), (rows[0].GetProperty("read").GetInt32(), rows[0].GetProperty("accepted").GetInt32()));
        Assert.Equal(Customers, _world.Salesforce.Records("Account", ["AccountNumber"]).Count(a => a["AccountNumber"] is not null));
        var one = await _world.GetAsync($"/api/deployments/customers/backfills/{begun.GetProperty("id").GetString()}");
        Assert.Equal("done", one.GetProperty("state").GetString());
    }

    [Fact]
    public async Task By_list_only_the_named_ones_arrive_and_the_budgets_tell_who_asked()
    {
        await _world.PostAsync("/api/deployments/customers/backfills", new { records = new[] { "9003", "9005" } });
        await _world.UntilAsync("/api/deployments/customers/backfills", data => data[0].GetProperty("state").GetString() == "done");
        Assert.Equal(["9003", "9005"], _world.Salesforce.Records("Account", ["AccountNumber"]).Select(a => a["AccountNumber"]).Where(n => n is not null).Order());
        var org = (await _world.GetAsync("/api/budgets")).GetProperty("data").EnumerateArray().Single(b => b.GetProperty("realm").GetString()!.StartsWith("salesforce:", StringComparison.Ordinal));
        Assert.Equal("org", org.GetProperty("connections")[0].GetString());
        Assert.True(org.GetProperty("backfill").GetInt64() > 0);
        Assert.Equal(org.GetProperty("perDay").GetInt64() / 10, org.GetProperty("reserve").GetInt64());
    }

    [Theory]
    [InlineData("""{ "by": "magic" }""", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData("""{ "by": "list" }""", HttpStatusCode.UnprocessableEntity, "does-not-fit")]
    [InlineData("""{ "from": "2999-01-01T00:00:00Z" }""", HttpStatusCode.UnprocessableEntity, "does-not-fit")]
    [InlineData("""{ "flow": "none" }""", HttpStatusCode.UnprocessableEntity, "does-not-fit")]
    [InlineData("""{ "trigger": "none" }""", HttpStatusCode.UnprocessableEntity, "does-not-fit")]
    [InlineData("""{ "records": [null] }""", HttpStatusCode.BadRequest, "bad-request")]
    public async Task What_cannot_be_handed_in_is_refused_with_a_sentence(string body, HttpStatusCode status, string code) =>
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, "/api/deployments/customers/backfills", body), status, code);

    [Fact]
    public async Task One_that_does_not_exist_is_not_found_and_one_that_ended_cannot_be_cancelled()
    {
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Get, "/api/deployments/none/backfills"), HttpStatusCode.NotFound, "not-found");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Delete, "/api/deployments/customers/backfills/none"), HttpStatusCode.NotFound, "not-found");
        var begun = await _world.PostAsync("/api/deployments/customers/backfills", new { records = new[] { "9003" } });
        await _world.UntilAsync("/api/deployments/customers/backfills", data => data[0].GetProperty("state").GetString() == "done");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Delete, $"/api/deployments/customers/backfills/{begun.GetProperty("id").GetString()}"), HttpStatusCode.Conflict, "conflict");
    }
}

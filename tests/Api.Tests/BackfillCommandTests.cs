using System.Text.Json;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Api.Tests;

/// <summary><c>flow backfill</c> as it is typed, against a real server.</summary>
public sealed class BackfillCommandTests : IAsyncLifetime
{
    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync(BackfillTests.Files, prepare: world =>
    {
        for (var i = 0; i < 5; i++) world.ServiceTitan.AddCustomer(new CustomerSeed { Id = 9_000 + i, Name = $"Customer {i}", Active = true });
    });

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task One_is_begun_watched_and_its_end_told_as_a_table_for_people_and_as_the_servers_answer_for_scripts()
    {
        Assert.Equal(["id  deployment  entity  by  state  total  read  accepted  waiting  done by  problem"], (await GoodAsync("list", "customers")).Split('\n')[..1]);
        var said = await GoodAsync("begin", "customers", "--records", "9001", "9003");
        await _world.UntilAsync("/api/deployments/customers/backfills", data => data[0].GetProperty("state").GetString() == "done");
        var row = Assert.Single(FlowCommand.Table(await GoodAsync("list", "customers")));
        Assert.Equal($"Backfill {row["id"]} of customer has begun. 'flow backfill list customers' tells how it gets on.\n", said);
        Assert.Equal(("customers", "customer", "list", "done"), (row["deployment"], row["entity"], row["by"], row["state"]));
        Assert.Equal(("2", "2", "2", "0", "", ""), (row["total"], row["read"], row["accepted"], row["waiting"], row["done by"], row["problem"]));
        Assert.Equal(["9001", "9003"], _world.Salesforce.Records("Account", "AccountNumber").Select(a => a["AccountNumber"]).Where(n => n is not null).Order());
        Assert.Equal((await _world.GetAsync("/api/deployments/customers/backfills")).GetRawText(), (await GoodAsync("list", "customers", "--json")).TrimEnd('\n'));

        var budget = FlowCommand.Table(await GoodAsync("budgets")).Single(b => b["realm"].StartsWith("salesforce:", StringComparison.Ordinal));
        Assert.NotEqual("0", budget["backfills"]);
        var told = JsonSerializer.Deserialize<JsonElement>(await GoodAsync("budgets", "--json")).GetProperty("data").EnumerateArray().Single(b => b.GetProperty("realm").GetString() == budget["realm"]);
        Assert.Equal("org", told.GetProperty("connections")[0].GetString());
    }

    [Fact]
    public async Task One_that_is_under_way_refuses_a_second_and_is_cancelled()
    {
        // Paused it reads nothing: it stays open.
        await FlowCommand.GoodAsync(_world, "deployments", "pause", "customers");
        await GoodAsync("begin", "customers", "--by", "feed", "--from", "2020-01-01T00:00:00Z");
        var row = Assert.Single(FlowCommand.Table(await GoodAsync("list", "customers")));
        Assert.Equal(("feed", "reading", "0"), (row["by"], row["state"], row["read"]));
        Assert.Equal($"The backfill {row["id"]} of this deployment is under way; cancel it or wait.\n", await RefusedAsync("begin", "customers"));
        Assert.Equal($"Backfill {row["id"]} is cancelled; 0 events were accepted.\n", await GoodAsync("cancel", "customers", row["id"]));
        Assert.Equal("It has ended already (Cancelled).\n", await RefusedAsync("cancel", "customers", row["id"]));
        var over = Assert.Single(FlowCommand.Table(await GoodAsync("list", "customers")));
        Assert.Equal(("cancelled", "Cancelled by local."), (over["state"], over["problem"]));
    }

    [Fact]
    public async Task What_cannot_be_is_one_sentence_and_nothing_begins()
    {
        foreach (var (arguments, sentence) in new (string[], string)[]
        {
            (["begin"], "See 'flow backfill begin --help'."),
            (["begin", "nobody"], "There is no deployment 'nobody'."),
            (["begin", "customers", "--by", "magic"], "Argument 'magic' not recognized."),
            (["begin", "customers", "--by", "list"], "By list: 1 to 10000 ids of customer in 'records' are expected."),
            (["begin", "customers", "--by", "query", "--records", "9001"], "Records are named one by one only by list."),
            (["begin", "customers", "--from", "yesterday"], "Cannot parse argument 'yesterday' for option '--from'"),
            (["begin", "customers", "--from", "2999-01-01T00:00:00Z"], "'from' lies in the future."),
            (["begin", "customers", "--trigger", "none"], "The flow has no trigger 'none' that reads records; it has"),
            (["begin", "customers", "--flow", "none"], "'flow' names one of the deployment's flows: customers."),
            (["list", "nobody"], "There is no deployment 'nobody'."),
            (["cancel", "customers", "none"], "'customers' has no backfill 'none'."),
        })
        {
            Assert.Contains(sentence, await RefusedAsync(arguments), StringComparison.Ordinal);
        }

        Assert.Empty((await _world.GetAsync("/api/deployments/customers/backfills")).GetProperty("data").EnumerateArray());
    }

    private Task<string> GoodAsync(params string[] arguments) => FlowCommand.GoodAsync(_world, ["backfill", .. arguments]);

    private Task<string> RefusedAsync(params string[] arguments) => FlowCommand.RefusedAsync(_world, ["backfill", .. arguments]);
}

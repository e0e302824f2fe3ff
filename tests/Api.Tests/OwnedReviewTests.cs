using System.Net;
using System.Text.Json;
using WorkflowEngine.Simulators.Time;

namespace WorkflowEngine.Api.Tests;

/// <summary>Questions about a record that belongs to another key, and about one that may be there twice.</summary>
public sealed class OwnedReviewTests : IAsyncLifetime
{
    private const string Flow = """
        flow: orders
        connections: { salesforce: salesforce }
        input:
          id: { type: text }
          name: { type: text }
        trigger: { webhook: orders, with: =trigger }
        key: =input.id
        steps:
          - id: account
            upsert: salesforce/Account
            match: [ [AccountNumber], [Name] ]
            onOwned: review
            set: { AccountNumber: =input.id, Name: =input.name, Phone: '555' }
            options: { duplicates: accept }
        """;

    private readonly SkipClock _clock = new();
    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync(
        new Dictionary<string, string> { ["flows/orders/flow.yaml"] = Flow, ["deployments/orders.yaml"] = Flows.OrdersDeployment }, host: host => host with { Time = _clock });

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData("use")]
    [InlineData("create")]
    [InlineData("skip")]
    public async Task A_record_of_another_key_is_shown_beside_what_the_flow_wants_and_the_run_does_what_is_decided(string decision)
    {
        var theirs = _world.Salesforce.AddRecord("Account", new Dictionary<string, object?> { ["AccountNumber"] = "other", ["Name"] = "Ruiz", ["Phone"] = "111" });
        (await _world.HookAsync("""{ "id": "r1", "name": "Ruiz" }""")).EnsureSuccessStatusCode().Dispose();
        var open = (await _world.UntilAsync("/api/reviews?deployment=orders", r => r.GetArrayLength() == 1))[0];
        Assert.Equal(("owned", "orders", "r1", "account", "Account"), (Text(open, "kind"), Text(open, "deployment"), Text(open, "key"), Text(open, "step"), Text(open, "entity")));
        Assert.Equal(["use", "create", "skip"], open.GetProperty("takes").EnumerateArray().Select(t => t.GetString()));
        Assert.EndsWith("flows/orders/flow.yaml:9:9", Text(open, "place"), StringComparison.Ordinal);
        Assert.Contains("Account", Text(open, "message"), StringComparison.Ordinal);
        var id = Text(open, "id");
        var detail = await _world.GetAsync("/api/reviews/" + id);
        Assert.Equal(("r1", "Ruiz", "555"), (Text(detail.GetProperty("wanted"), "AccountNumber"), Text(detail.GetProperty("wanted"), "Name"), Text(detail.GetProperty("wanted"), "Phone")));
        var candidate = Assert.Single(detail.GetProperty("candidates").EnumerateArray());
        Assert.Equal((theirs, "other", "Ruiz"), (Text(candidate, "Id"), Text(candidate, "AccountNumber"), Text(candidate, "Name")));
        // Nothing was written while it waits, and it waits over a restart.
        Assert.Equal([("other", "111")], Accounts());
        await _world.CloseAsync();
        await _world.OpenAsync();
        Assert.Equal(id, Text((await _world.GetAsync("/api/reviews")).GetProperty("data")[0], "id"));

        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, $"/api/reviews/{id}/decision", new { decision = "dismiss" }), HttpStatusCode.UnprocessableEntity, "does-not-fit");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, $"/api/reviews/{id}/decision", new { decision = "use" }), HttpStatusCode.UnprocessableEntity, "does-not-fit");
        var decided = await _world.PostAsync($"/api/reviews/{id}/decision", new { decision, record = decision == "use" ? theirs : null, comment = "seen" });
        Assert.Equal((decision, "local", "seen"), (Text(decided, "decision"), Text(decided, "decidedBy"), Text(decided, "comment")));
        var run = (await _world.UntilAsync("/api/runs?key=r1", r => r.GetArrayLength() == 1))[0];
        // Their key stays theirs.
        Assert.Equal(
            decision switch { "use" => ("succeeded", [("other", "555")]), "create" => ("succeeded", [("other", "111"), ("r1", "555")]), _ => ("stopped", [("other", "111")]) },
            (Text(run, "outcome"), Accounts()), Same);
        Assert.Empty((await _world.GetAsync("/api/reviews")).GetProperty("data").EnumerateArray());
        Assert.Empty((await _world.GetAsync("/api/dead-letters")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_record_that_is_there_twice_after_all_is_shown_with_both_and_put_aside_and_nothing_follows()
    {
        (await _world.HookAsync("""{ "id": "t1", "name": "Ruiz" }""")).EnsureSuccessStatusCode().Dispose();
        await _world.UntilAsync("/api/runs?key=t1&outcome=succeeded", r => r.GetArrayLength() == 1);
        var ours = _world.Salesforce.Records("Account", "Id").Single()["Id"]!;
        // Another system made the same one in the same minute.
        var other = _world.Salesforce.AddRecord("Account", new Dictionary<string, object?> { ["AccountNumber"] = "t1", ["Name"] = "Ruiz", ["Phone"] = "111" });
        var open = (await _world.UntilAsync("/api/reviews", r =>
        {
            // The second look comes when what was made is shown for sure.
            _clock.Skip(TimeSpan.FromSeconds(10));
            return r.GetArrayLength() == 1;
        }))[0];
        Assert.Equal(("possiblyTwice", "orders", "t1", "account", "Account"), (Text(open, "kind"), Text(open, "deployment"), Text(open, "key"), Text(open, "step"), Text(open, "entity")));
        Assert.Equal(["dismiss"], open.GetProperty("takes").EnumerateArray().Select(t => t.GetString()));
        Assert.NotEqual("", Text(open, "message"));
        var id = Text(open, "id");
        var candidates = (await _world.GetAsync("/api/reviews/" + id)).GetProperty("candidates").EnumerateArray().ToList();
        Assert.Equal(new[] { ours, other }.Order(), candidates.Select(c => Text(c, "Id")).Order());
        Assert.All(candidates, c => Assert.Equal(("t1", "Ruiz"), (Text(c, "AccountNumber"), Text(c, "Name"))));

        foreach (var decision in new[] { "use", "create", "skip" })
        {
            var refused = await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, $"/api/reviews/{id}/decision", new { decision, record = ours }), HttpStatusCode.UnprocessableEntity, "does-not-fit");
            Assert.Contains("takes Dismiss", Text(refused, "detail"), StringComparison.Ordinal);
        }

        var decided = await _world.PostAsync($"/api/reviews/{id}/decision", new { decision = "dismiss", comment = "merged by hand" });
        Assert.Equal(("dismiss", "local"), (Text(decided, "decision"), Text(decided, "decidedBy")));
        _clock.Skip(TimeSpan.FromHours(1));
        await _world.Host.Runtime.WaitIdleAsync(default);
        Assert.Empty((await _world.GetAsync("/api/reviews")).GetProperty("data").EnumerateArray());
        Assert.Equal("merged by hand", Text((await _world.GetAsync("/api/reviews?state=decided")).GetProperty("data")[0], "comment"));
        Assert.Single((await _world.GetAsync("/api/runs")).GetProperty("data").EnumerateArray());
        Assert.Equal([("t1", "111"), ("t1", "555")], Accounts());
    }

    private (string? Number, string? Phone)[] Accounts() =>
        [.. _world.Salesforce.Records("Account", "AccountNumber", "Phone").Where(a => a["AccountNumber"] is not null).Select(a => (a["AccountNumber"], a["Phone"])).Order()];

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private static bool Same((string, (string?, string?)[]) one, (string, (string?, string?)[]) other) => one.Item1 == other.Item1 && one.Item2.SequenceEqual(other.Item2);
}

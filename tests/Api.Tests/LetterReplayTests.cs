using System.Net;
using System.Text.Json;
using WorkflowEngine.Simulators.Faults;

namespace WorkflowEngine.Api.Tests;

/// <summary>Dead letters replayed by filter: those that were chosen and no other, from where it was said.</summary>
public sealed class LetterReplayTests : IAsyncLifetime
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
            match: [ [AccountNumber] ]
            set: { AccountNumber: =input.id, Name: =input.name, Phone: '555' }
            options: { duplicates: accept }
          - id: person
            create: salesforce/Contact
            once: { Email: '=`${input.id}@example.com`' }
            set: { LastName: =input.name, AccountId: =account.id }
            options: { duplicates: accept }
        """;

    private static readonly string[] Refused = ["a", "b", "c", "d"];

    private ApiWorld _world = null!;
    private Dictionary<string, JsonElement> _letters = [];

    public async ValueTask InitializeAsync()
    {
        _world = await ApiWorld.StartAsync(new Dictionary<string, string> { ["flows/orders/flow.yaml"] = Flow, ["deployments/orders.yaml"] = Flows.OrdersDeployment });
        _world.Salesforce.Faults.Add(new FaultRule { Kind = FaultKind.VendorError, Field = "LastName", Status = 400, Code = "FIELD_CUSTOM_VALIDATION_EXCEPTION", Message = "Closed." });
        // Four fail at the second step, two at the first.
        foreach (var id in Refused) await PostAsync(id, "Ruiz");
        foreach (var id in new[] { "x", "y" }) await PostAsync(id, new string('n', 300));
        var rows = await _world.UntilAsync("/api/dead-letters", r => r.GetArrayLength() == 6);
        _letters = rows.EnumerateArray().ToDictionary(r => r.GetProperty("key").GetString()!);
        Assert.Equal([("person", 4), ("account", 2)], _letters.Values.CountBy(l => l.GetProperty("step").GetString()!).OrderByDescending(g => g.Value).Select(g => (g.Key, g.Value)));
        _world.Salesforce.Faults.Clear();
    }

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task By_ids_key_fingerprint_and_deployment_exactly_the_chosen_ones_go_on()
    {
        Assert.Equal(2, await ReplayAsync(new { ids = new[] { Id("a"), Id("b") } }));
        await OpenAsync("c", "d", "x", "y");
        Assert.Equal(1, await ReplayAsync(new { key = "c" }));
        await OpenAsync("d", "x", "y");

        // Those of the other cause stay. They fail again, so each is a new letter.
        Assert.Equal(2, await ReplayAsync(new { fingerprint = _letters["x"].GetProperty("fingerprint").GetString() }));
        await _world.UntilAsync("/api/dead-letters?state=all", r => r.GetArrayLength() == 8);
        await OpenAsync("d", "x", "y");
        Assert.Equal("replayed", (await LetterAsync("x")).GetProperty("state").GetString());

        // What is said together must fit together.
        Assert.Equal(0, await ReplayAsync(new { deployment = "orders", key = "d", fingerprint = _letters["x"].GetProperty("fingerprint").GetString() }));
        await OpenAsync("d", "x", "y");
        Assert.Equal(1, await ReplayAsync(new { deployment = "orders", key = "d" }));
        await OpenAsync("x", "y");
        Assert.Equal(2, await ReplayAsync(new { deployment = "orders" }));
        await _world.UntilAsync("/api/runs?outcome=succeeded", r => r.GetArrayLength() == 4);
        Assert.Equal(Refused, _world.Salesforce.Records("Contact", "Email").Select(c => c["Email"]!.Split('@')[0]).Order());
        Assert.Equal(4, _world.Salesforce.Records("Account", "AccountNumber").Count(a => a["AccountNumber"] is not null));
    }

    [Fact]
    public async Task From_the_step_what_was_done_before_it_is_left_alone_and_from_the_start_it_is_done_again()
    {
        // People changed meanwhile what the first step had written.
        foreach (var id in new[] { "a", "b" }) _world.Salesforce.EditRecord(Account(id)["Id"]!, new Dictionary<string, object?> { ["Phone"] = "999" });
        Assert.Equal(1, await ReplayAsync(new { ids = new[] { Id("a") }, from = "step" }));
        Assert.Equal(1, await ReplayAsync(new { ids = new[] { Id("b") }, from = "start" }));
        await _world.UntilAsync("/api/runs?outcome=succeeded", r => r.GetArrayLength() == 2);
        Assert.Equal(("999", "555"), (Account("a")["Phone"], Account("b")["Phone"]));
        Assert.Equal("replayed from the failed step", (await LetterAsync("a")).GetProperty("note").GetString());
        Assert.Equal("replayed from the start", (await LetterAsync("b")).GetProperty("note").GetString());
        foreach (var id in new[] { "a", "b" })
        {
            var run = (await _world.GetAsync($"/api/runs?key={id}&outcome=succeeded")).GetProperty("data")[0];
            Assert.Equal(Id(id), run.GetProperty("replayOf").GetInt64());
            Assert.Equal(id == "a" ? ["person"] : ["account", "person"], (await _world.ExplainedAsync(run.GetProperty("id").GetString()!)).GetProperty("effects").EnumerateArray().Select(e => e.GetProperty("step").GetString()));
        }

        await OpenAsync("c", "d", "x", "y");
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.BadRequest, "bad-request", "Say what to replay")]
    [InlineData("""{ "deployment": "nobody" }""", HttpStatusCode.NotFound, "not-found", "There is no deployment 'nobody'.")]
    [InlineData("""{ "key": "a", "from": "middle" }""", HttpStatusCode.BadRequest, "bad-request", "'from' is start or step, not 'middle'.")]
    [InlineData("""{ "finger": "a" }""", HttpStatusCode.BadRequest, "bad-request", "$.finger")]
    [InlineData("""{ "ids": ["a"] }""", HttpStatusCode.BadRequest, "bad-request", "$.ids[0]")]
    [InlineData("""{ "ids": [1], "key": "a" }""", HttpStatusCode.BadRequest, "bad-request", "Say either ids, or deployment, key or fingerprint: not both.")]
    [InlineData("""{ "ids": [1], "deployment": "orders" }""", HttpStatusCode.BadRequest, "bad-request", "Say either ids, or deployment, key or fingerprint: not both.")]
    [InlineData("""{ "ids": [1], "fingerprint": "0000000000000000" }""", HttpStatusCode.BadRequest, "bad-request", "Say either ids, or deployment, key or fingerprint: not both.")]
    public async Task A_filter_that_cannot_be_meant_is_refused_and_nothing_is_replayed(string body, HttpStatusCode status, string code, string sentence)
    {
        var problem = await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, "/api/dead-letters/replay", body), status, code);
        Assert.Contains(sentence, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await OpenAsync("a", "b", "c", "d", "x", "y");
    }

    [Fact]
    public async Task A_number_that_is_not_open_is_told_beside_those_that_went_on()
    {
        await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Patch, $"/api/dead-letters/{Id("b")}", new { discard = "a test order" }));
        var answer = await _world.PostAsync("/api/dead-letters/replay", new { ids = new[] { Id("a"), Id("b"), 999_999, Id("a") } });
        Assert.Equal(1, answer.GetProperty("replayed").GetInt32());
        Assert.Equal([Id("b"), 999_999, Id("a")], answer.GetProperty("refused").EnumerateArray().Select(r => r.GetProperty("id").GetInt64()));
        Assert.All(answer.GetProperty("refused").EnumerateArray(), r => Assert.StartsWith("There is no open dead letter with this number", r.GetProperty("why").GetString(), StringComparison.Ordinal));
        await OpenAsync("c", "d", "x", "y");
    }

    private long Id(string key) => _letters[key].GetProperty("id").GetInt64();

    private IReadOnlyDictionary<string, string?> Account(string number) => _world.Salesforce.Records("Account", "Id", "AccountNumber", "Phone").Single(a => a["AccountNumber"] == number);

    /// <summary>The first letter of a key.</summary>
    private async Task<JsonElement> LetterAsync(string key) => (await _world.GetAsync($"/api/dead-letters/{Id(key)}")).GetProperty("deadLetter");

    private async Task PostAsync(string id, string name) => (await _world.HookAsync($$"""{ "id": "{{id}}", "name": "{{name}}" }""")).EnsureSuccessStatusCode().Dispose();

    private async Task<int> ReplayAsync(object body)
    {
        var answer = await _world.PostAsync("/api/dead-letters/replay", body);
        Assert.Empty(answer.GetProperty("refused").EnumerateArray());
        return answer.GetProperty("replayed").GetInt32();
    }

    /// <summary>Everything that was replayed has run, and these keys have the open letters, one each.</summary>
    private async Task OpenAsync(params string[] keys)
    {
        await _world.Host.Runtime.WaitIdleAsync(default);
        var open = (await _world.GetAsync("/api/dead-letters")).GetProperty("data").EnumerateArray().Select(l => l.GetProperty("key").GetString()!).Order(StringComparer.Ordinal);
        Assert.Equal(keys, open);
    }
}

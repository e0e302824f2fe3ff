using System.Globalization;
using System.Text.Json;

namespace WorkflowEngine.Api.Tests;

/// <summary><c>flow dead-letters</c> and <c>flow incidents</c> as they are typed, against a real server.</summary>
public sealed class DeadLetterCommandTests : IAsyncLifetime
{
    private static readonly string TooLong = new('n', 300);

    private readonly string _folder = Directory.CreateTempSubdirectory("flow-letters-").FullName;
    private ApiWorld _world = null!;
    private Dictionary<string, long> _letters = [];

    public async ValueTask InitializeAsync()
    {
        _world = await ApiWorld.StartAsync();
        foreach (var id in new[] { "d0", "d1", "d2" }) (await _world.HookAsync($$"""{ "id": "{{id}}", "name": "{{TooLong}}" }""")).EnsureSuccessStatusCode().Dispose();
        var rows = await _world.UntilAsync("/api/dead-letters", r => r.GetArrayLength() == 3);
        _letters = rows.EnumerateArray().ToDictionary(r => r.GetProperty("key").GetString()!, r => r.GetProperty("id").GetInt64());
        await _world.UntilAsync("/api/incidents", r => r.GetArrayLength() == 1 && r[0].GetProperty("count").GetInt64() == 3);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task They_are_listed_by_filter_as_a_table_for_people_and_as_the_servers_answer_for_scripts()
    {
        var all = FlowCommand.Table(await GoodAsync("list"));
        Assert.Equal(["no", "deployment", "key", "step", "kind", "code", "message", "at"], all[0].Keys);
        Assert.Equal(["d2", "d1", "d0"], all.OrderByDescending(r => r["no"], StringComparer.Ordinal).Select(r => r["key"]));
        Assert.All(all, row => Assert.Equal(("orders", "account", "rejected", "value"), (row["deployment"], row["step"], row["kind"], row["code"])));
        Assert.Equal(No("d1"), Assert.Single(FlowCommand.Table(await GoodAsync("list", "--key", "d1", "--deployment", "orders")))["no"]);
        Assert.Equal((await _world.GetAsync("/api/dead-letters")).GetRawText(), (await GoodAsync("list", "--json")).TrimEnd('\n'));

        var group = Assert.Single(FlowCommand.Table(await GoodAsync("groups")));
        Assert.Equal(("3", "orders", "account", "rejected"), (group["count"], group["deployment"], group["step"], group["kind"]));
        Assert.Equal((await _world.GetAsync("/api/dead-letters/groups")).GetRawText(), (await GoodAsync("groups", "--json")).TrimEnd('\n'));
        Assert.Equal(3, FlowCommand.Table(await GoodAsync("list", "--incident", group["incident"])).Count);
        Assert.Equal("There are no dead letters that fit.\n", await GoodAsync("list", "--incident", "0000000000000000"));
        Assert.Equal("There are no dead letters that fit.\n", await GoodAsync("list", "--state", "discarded"));

        var shown = JsonSerializer.Deserialize<JsonElement>(await GoodAsync("show", No("d1")));
        Assert.True(JsonElement.DeepEquals(await _world.GetAsync($"/api/dead-letters/{_letters["d1"]}"), shown), $"{shown}");
        Assert.Equal(TooLong, shown.GetProperty("record").GetProperty("name").GetString());
    }

    [Fact]
    public async Task One_is_put_aside_with_a_reason_one_goes_on_with_its_record_changed_and_one_is_replayed()
    {
        Assert.Equal($"{No("d0")} is discarded: a test order (local).\n", await GoodAsync("discard", No("d0"), "--reason", "a test order"));
        Assert.Contains($"The dead letter {No("d0")} is not open any more: it was discarded.", await RefusedAsync("discard", No("d0"), "--reason", "again"), StringComparison.Ordinal);

        var record = Path.Combine(_folder, "record.json");
        await File.WriteAllTextAsync(record, """{ "id": "d1", "name": "Short" }""");
        Assert.Equal($"{No("d1")} is replayed with its record changed.\n", await GoodAsync("edit", No("d1"), "--record", record));
        await _world.UntilAsync("/api/runs?key=d1&outcome=succeeded", r => r.GetArrayLength() == 1);
        Assert.Equal("Short", Assert.Single(_world.Salesforce.Records("Account", "Name", "AccountNumber"), a => a["AccountNumber"] == "d1")["Name"]);

        Assert.Equal("1 replayed.\n", await GoodAsync("replay", No("d2"), "--from", "step"));
        // It fails again: another letter.
        await _world.UntilAsync("/api/dead-letters?key=d2", r => r.GetArrayLength() == 1 && r[0].GetProperty("id").GetInt64() != _letters["d2"]);
        Assert.Equal(["discarded", "replayed", "replayed"], await StatesAsync());

        // Of several numbers those that cannot be are told one by one, and the command fails.
        var (code, output, errors) = await FlowCommand.RunAsync(_world.Address, null, _world.Environment, "dead-letters", "replay", No("d0"), "999999");
        Assert.Equal((1, "0 replayed.\n"), (code, output));
        Assert.Equal(["999999", No("d0")], errors.TrimEnd('\n').Split('\n').Select(l => l.Split(':')[0]).OrderDescending());
        Assert.All(errors.TrimEnd('\n').Split('\n'), l => Assert.EndsWith("There is no open dead letter with this number, or its deployment was taken away.", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_is_one_sentence_and_nothing_is_changed()
    {
        var broken = Path.Combine(_folder, "broken.json");
        await File.WriteAllTextAsync(broken, "{ \"id\": ");
        var list = Path.Combine(_folder, "list.json");
        await File.WriteAllTextAsync(list, "[1]");
        foreach (var (arguments, sentence) in new (string[], string)[]
        {
            (["list", "--deployment", "nobody"], "There is no deployment 'nobody'."),
            (["list", "--state", "gone"], "'gone' is no state; expected open, replayed, discarded, superseded or all."),
            (["groups", "--deployment", "nobody"], "There is no deployment 'nobody'."),
            (["show", "999999"], "There is no dead letter 999999."),
            (["replay"], "Say what to replay: ids, or deployment, key or fingerprint."),
            (["replay", "--deployment", "nobody"], "There is no deployment 'nobody'."),
            (["replay", No("d0"), "--key", "d1"], "Say either ids, or deployment, key or fingerprint: not both."),
            (["discard", No("d0")], "Option '--reason' is required."),
            (["discard", No("d0"), "--reason", " "], "The reason is 1 to 500 characters without control characters."),
            (["discard", "999999", "--reason", "gone"], "There is no dead letter 999999."),
            (["edit", No("d0")], "Option '--record' is required."),
            (["edit", No("d0"), "--record", Path.Combine(_folder, "nothing.json")], "nothing.json cannot be read as JSON"),
            (["edit", No("d0"), "--record", broken], "broken.json cannot be read as JSON"),
            (["edit", No("d0"), "--record", list], "'payload' is the whole record as one JSON object."),
            (["edit", "999999", "--record", broken], "broken.json cannot be read as JSON"),
        })
        {
            Assert.Contains(sentence, await RefusedAsync(arguments), StringComparison.Ordinal);
        }

        Assert.Equal(["open", "open", "open"], await StatesAsync());
    }

    [Fact]
    public async Task Incidents_are_told_while_they_are_open_and_afterwards_when_all_are_asked_for()
    {
        var open = Assert.Single(FlowCommand.Table(await FlowCommand.GoodAsync(_world, "incidents")));
        Assert.Equal(["deployment", "count", "first", "last", "over since", "message", "incident"], open.Keys);
        Assert.Equal(("orders", "3", ""), (open["deployment"], open["count"], open["over since"]));
        var told = (await _world.GetAsync("/api/incidents")).GetProperty("data")[0];
        Assert.Equal((told.GetProperty("message").GetString(), told.GetProperty("fingerprint").GetString()), (open["message"], open["incident"]));
        Assert.Equal((await _world.GetAsync("/api/incidents")).GetRawText(), (await FlowCommand.GoodAsync(_world, "incidents", "--json")).TrimEnd('\n'));

        foreach (var letter in _letters.Values) await GoodAsync("discard", letter.ToString(CultureInfo.InvariantCulture), "--reason", "a test order");
        await _world.UntilAsync("/api/incidents", r => r.GetArrayLength() == 0);
        Assert.Equal("No incident is open.\n", await FlowCommand.GoodAsync(_world, "incidents"));
        var over = Assert.Single(FlowCommand.Table(await FlowCommand.GoodAsync(_world, "incidents", "--all")));
        Assert.Equal((open["incident"], "3"), (over["incident"], over["count"]));
        Assert.NotEqual("", over["over since"]);
        Assert.Equal((await _world.GetAsync("/api/incidents?all=true")).GetRawText(), (await FlowCommand.GoodAsync(_world, "incidents", "--all", "--json")).TrimEnd('\n'));
        var (code, _, errors) = await FlowCommand.RunAsync(new Uri("http://127.0.0.1:1"), null, _world.Environment, "incidents");
        Assert.Equal(2, code);
        Assert.StartsWith("No server answers at http://127.0.0.1:1", errors, StringComparison.Ordinal);
    }

    private string No(string key) => _letters[key].ToString(CultureInfo.InvariantCulture);

    /// <summary>Of the three letters, by number.</summary>
    private async Task<IEnumerable<string?>> StatesAsync() =>
        (await _world.GetAsync("/api/dead-letters?state=all")).GetProperty("data").EnumerateArray().Where(l => _letters.ContainsValue(l.GetProperty("id").GetInt64())).OrderBy(l => l.GetProperty("key").GetString(), StringComparer.Ordinal)
            .Select(l => l.GetProperty("state").GetString());

    private Task<string> GoodAsync(params string[] arguments) => FlowCommand.GoodAsync(_world, ["dead-letters", .. arguments]);

    private Task<string> RefusedAsync(params string[] arguments) => FlowCommand.RefusedAsync(_world, ["dead-letters", .. arguments]);
}

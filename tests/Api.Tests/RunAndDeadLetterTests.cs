using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace WorkflowEngine.Api.Tests;

/// <summary>Runs with what they did, and dead letters with what people do about them.</summary>
public sealed class RunAndDeadLetterTests : IAsyncLifetime
{
    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync();

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_run_tells_its_steps_the_fields_it_wrote_and_their_lines()
    {
        (await _world.HookAsync("""{ "id": "7", "name": "Ruiz" }""")).EnsureSuccessStatusCode().Dispose();
        var rows = await _world.UntilAsync("/api/runs?deployment=orders", r => r.GetArrayLength() == 1);
        Assert.Equal(("succeeded", "7", "orders"), (rows[0].GetProperty("outcome").GetString(), rows[0].GetProperty("key").GetString(), rows[0].GetProperty("deployment").GetString()));
        var id = rows[0].GetProperty("id").GetString();
        JsonElement detail;
        do detail = await _world.GetAsync("/api/runs/" + id);
        while (detail.GetProperty("steps").ValueKind == JsonValueKind.Null);
        var step = detail.GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("step").GetString() == "account");
        Assert.Equal(("created", 14), (step.GetProperty("did").GetString(), step.GetProperty("line").GetInt32()));
        var name = step.GetProperty("fields").EnumerateArray().Single(f => f.GetProperty("name").GetString() == "Name");
        Assert.Equal(("Ruiz", 17), (name.GetProperty("value").GetString(), name.GetProperty("line").GetInt32()));
        var effect = detail.GetProperty("effects").EnumerateArray().Single();
        Assert.Equal(("created", "Account"), (effect.GetProperty("verb").GetString(), effect.GetProperty("entity").GetString()));
    }

    [Fact]
    public async Task Runs_are_paged_and_filtered()
    {
        for (var i = 0; i < 5; i++) (await _world.HookAsync($$"""{ "id": "p{{i}}", "name": "Ruiz {{i}}" }""")).Dispose();
        await _world.UntilAsync("/api/runs", r => r.GetArrayLength() == 5);
        var first = await _world.GetAsync("/api/runs?limit=3");
        var second = await _world.GetAsync("/api/runs?limit=3&cursor=" + first.GetProperty("next").GetString());
        Assert.Equal((3, 2), (first.GetProperty("data").GetArrayLength(), second.GetProperty("data").GetArrayLength()));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal(5, first.GetProperty("data").EnumerateArray().Concat(second.GetProperty("data").EnumerateArray()).Select(r => r.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(1, (await _world.GetAsync("/api/runs?key=p3&outcome=succeeded")).GetProperty("data").GetArrayLength());
        Assert.Equal(0, (await _world.GetAsync("/api/runs?outcome=failed")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Whoever_watches_sees_each_run_once_as_it_ends()
    {
        using var answer = await _world.Client.GetAsync(new Uri("/api/runs/live?deployment=orders", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var stream = await answer.Content.ReadAsStreamAsync(stop.Token);
        var keys = new List<string?>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(stop.Token))
        {
            if (item.EventType == "open")
            {
                for (var i = 0; i < 3; i++) (await _world.HookAsync($$"""{ "id": "w{{i}}", "name": "Ruiz {{i}}" }""")).Dispose();
            }

            if (item.EventType == "run") keys.Add(JsonSerializer.Deserialize<JsonElement>(item.Data).GetProperty("key").GetString());
            if (keys.Count == 3) break;
        }

        Assert.Equal(["w0", "w1", "w2"], keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Dead_letters_are_grouped_shown_changed_replayed_and_discarded()
    {
        var tooLong = new string('n', 300);
        for (var i = 0; i < 3; i++) (await _world.HookAsync($$"""{ "id": "d{{i}}", "name": "{{tooLong}}" }""")).EnsureSuccessStatusCode().Dispose();
        var rows = await _world.UntilAsync("/api/dead-letters?deployment=orders", r => r.GetArrayLength() == 3);
        var groups = (await _world.GetAsync("/api/dead-letters/groups")).GetProperty("data");
        Assert.Equal((1, 3, "account"), (groups.GetArrayLength(), groups[0].GetProperty("count").GetInt32(), groups[0].GetProperty("step").GetString()));

        var first = rows.EnumerateArray().Single(r => r.GetProperty("key").GetString() == "d0").GetProperty("id").GetInt64();
        var detail = await _world.GetAsync($"/api/dead-letters/{first}");
        Assert.Equal(tooLong, detail.GetProperty("record").GetProperty("name").GetString());
        var changed = await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Patch, $"/api/dead-letters/{first}", new { payload = new { id = "d0", name = "Short" } }));
        Assert.Equal("replayed", changed.GetProperty("state").GetString());
        await _world.UntilAsync("/api/runs?key=d0&outcome=succeeded", r => r.GetArrayLength() == 1);

        var second = rows.EnumerateArray().Single(r => r.GetProperty("key").GetString() == "d1").GetProperty("id").GetInt64();
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Patch, $"/api/dead-letters/{second}", new { discard = " " }), HttpStatusCode.UnprocessableEntity, "does-not-fit");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Patch, $"/api/dead-letters/{second}", new { }), HttpStatusCode.BadRequest, "bad-request");
        var discarded = await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Patch, $"/api/dead-letters/{second}", new { discard = "a test order" }));
        Assert.Contains("a test order", discarded.GetProperty("note").GetString(), StringComparison.Ordinal);
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Patch, $"/api/dead-letters/{second}", new { discard = "again" }), HttpStatusCode.Conflict, "conflict");

        var replay = await _world.PostAsync("/api/dead-letters/replay", new { deployment = "orders" });
        Assert.Equal(1, replay.GetProperty("replayed").GetInt32());
        await _world.UntilAsync("/api/dead-letters?state=all", r => r.EnumerateArray().Count(l => l.GetProperty("key").GetString() == "d2") == 2);
    }

    [Fact]
    public async Task Steps_are_counted_over_the_runs_of_the_last_hours()
    {
        foreach (var (id, name) in new[] { ("s1", "Ruiz"), ("s2", "Okafor"), ("s3", new string('n', 300)) }) (await _world.HookAsync($$"""{ "id": "{{id}}", "name": "{{name}}" }""")).EnsureSuccessStatusCode().Dispose();
        await _world.UntilAsync("/api/runs", r => r.GetArrayLength() == 3);
        await _world.Host.Runtime.WaitIdleAsync(default);
        JsonElement counts;
        do counts = await _world.GetAsync("/api/runs/steps?deployment=orders");
        while (counts.GetProperty("steps").GetArrayLength() == 0 || counts.GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("step").GetString() == "account").GetProperty("runs").GetInt32() < 3);
        var account = counts.GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("step").GetString() == "account");
        Assert.Equal((3, 1, 2), (account.GetProperty("runs").GetInt32(), account.GetProperty("failed").GetInt32(), account.GetProperty("wrote").GetInt32()));
        Assert.Equal((3, false), (counts.GetProperty("runs").GetInt32(), counts.GetProperty("more").GetBoolean()));
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Get, "/api/runs/steps"), HttpStatusCode.BadRequest, "bad-request");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Get, "/api/runs/steps?deployment=orders&hours=0"), HttpStatusCode.BadRequest, "bad-request");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Get, "/api/runs/steps?deployment=nobody"), HttpStatusCode.NotFound, "not-found");
    }
}

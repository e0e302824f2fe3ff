using System.Text.Json;

namespace WorkflowEngine.Api.Tests;

/// <summary>What people see of incidents.</summary>
public sealed class IncidentTests : IAsyncLifetime
{
    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync();

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task An_open_one_tells_what_where_how_often_and_since_when_and_one_that_is_over_when_it_ended_also_after_a_restart()
    {
        Assert.Empty(await ReadAsync("?all=true"));
        var before = _world.Host.Time.GetUtcNow();
        foreach (var id in new[] { "i0", "i1", "i2" }) await FailAsync(id);
        await _world.UntilAsync("/api/incidents", r => r.GetArrayLength() == 1 && r[0].GetProperty("count").GetInt64() == 3);
        var open = Assert.Single(await ReadAsync(""));
        Assert.Equal(["deployment", "fingerprint", "message", "count", "firstSeen", "lastSeen", "recoveredAt"], open.EnumerateObject().Select(p => p.Name));
        var letters = (await _world.GetAsync("/api/dead-letters")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(("orders", letters[0].GetProperty("fingerprint").GetString()), (open.GetProperty("deployment").GetString(), open.GetProperty("fingerprint").GetString()));
        Assert.Contains(letters[0].GetProperty("message").GetString()!, open.GetProperty("message").GetString(), StringComparison.Ordinal);
        var (first, last) = (open.GetProperty("firstSeen").GetDateTimeOffset(), open.GetProperty("lastSeen").GetDateTimeOffset());
        Assert.True(before <= first && first <= last && last <= _world.Host.Time.GetUtcNow(), $"{before:O} {first:O} {last:O}");
        Assert.Equal(JsonValueKind.Null, open.GetProperty("recoveredAt").ValueKind);

        await RestartAsync();
        Assert.Equal(open.GetRawText(), Assert.Single(await ReadAsync("")).GetRawText());
        // Another of the same kind is counted, not told anew.
        await FailAsync("i3");
        var counted = (await _world.UntilAsync("/api/incidents", r => r.GetArrayLength() == 1 && r[0].GetProperty("count").GetInt64() == 4))[0];
        Assert.Equal((first, true), (counted.GetProperty("firstSeen").GetDateTimeOffset(), counted.GetProperty("lastSeen").GetDateTimeOffset() > last));

        // It is over though the process that saw it begin is gone.
        await RestartAsync();
        letters = [.. (await _world.GetAsync("/api/dead-letters")).GetProperty("data").EnumerateArray()];
        foreach (var letter in letters)
        {
            Assert.Single(await ReadAsync(""));
            var key = letter.GetProperty("key").GetString();
            await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Patch, $"/api/dead-letters/{letter.GetProperty("id").GetInt64()}", new { payload = new { id = key, name = "Short" } }));
            await _world.UntilAsync($"/api/runs?key={key}&outcome=succeeded", r => r.GetArrayLength() == 1);
        }

        await _world.UntilAsync("/api/incidents", r => r.GetArrayLength() == 0);
        var over = Assert.Single(await ReadAsync("?all=true"));
        Assert.True(over.GetProperty("recoveredAt").GetDateTimeOffset() >= counted.GetProperty("lastSeen").GetDateTimeOffset());
        await RestartAsync();
        Assert.Empty(await ReadAsync(""));
        Assert.Equal(over.GetRawText(), Assert.Single(await ReadAsync("?all=true")).GetRawText());

        // The same failure later is another incident, and the one that is over stays as it was.
        await FailAsync("i4");
        await _world.UntilAsync("/api/incidents", r => r.GetArrayLength() == 1);
        Assert.Equal([1, 4], (await ReadAsync("?all=true")).Select(i => i.GetProperty("count").GetInt32()).Order());
        Assert.Contains(over.GetRawText(), (await ReadAsync("?all=true")).Select(i => i.GetRawText()));
    }

    private async Task<List<JsonElement>> ReadAsync(string query) => [.. (await _world.GetAsync("/api/incidents" + query)).GetProperty("data").EnumerateArray()];

    private async Task RestartAsync()
    {
        await _world.CloseAsync();
        await _world.OpenAsync();
    }

    private async Task FailAsync(string id) => (await _world.HookAsync($$"""{ "id": "{{id}}", "name": "{{new string('n', 300)}}" }""")).EnsureSuccessStatusCode().Dispose();
}

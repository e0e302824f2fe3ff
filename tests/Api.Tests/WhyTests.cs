using System.Text.Json;

namespace WorkflowEngine.Api.Tests;

/// <summary>Why a field holds what we wrote.</summary>
public sealed class WhyTests : IAsyncLifetime
{
    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync();

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_written_field_leads_to_its_event_run_version_line_and_value()
    {
        (await _world.HookAsync("""{ "id": "y1", "name": "Ruiz" }""")).EnsureSuccessStatusCode().Dispose();
        var runs = await _world.UntilAsync("/api/runs?key=y1", r => r.GetArrayLength() == 1);
        var run = await _world.GetAsync("/api/runs/" + runs[0].GetProperty("id").GetString());
        var record = run.GetProperty("effects")[0].GetProperty("record").GetString();
        JsonElement why;
        do why = (await _world.GetAsync($"/api/why?connection=org&entity=Account&record={record}&field=Name")).GetProperty("data");
        while (why[0].GetProperty("value").ValueKind == JsonValueKind.Null);
        Assert.Equal(1, why.GetArrayLength());
        Assert.Equal(("Ruiz", 17, "set: { Name: =input.name, Phone: '555' }"), (why[0].GetProperty("value").GetString(), why[0].GetProperty("line").GetInt32(), why[0].GetProperty("source").GetString()));
        Assert.Equal(("account", "orders", "y1"), (why[0].GetProperty("step").GetString(), why[0].GetProperty("flowId").GetString(), why[0].GetProperty("run").GetProperty("key").GetString()));
        Assert.Empty((await _world.GetAsync($"/api/why?connection=org&entity=Account&record={record}&field=Website")).GetProperty("data").EnumerateArray());
        Assert.Equal(3, (await _world.GetAsync($"/api/why?connection=org&entity=Account&record={record}")).GetProperty("data").GetArrayLength());
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api.Tests;

/// <summary>Figures are of the whole process, so nothing else runs beside these tests.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Figures and traces.</summary>
[Collection(nameof(Alone))]
public sealed class TelemetryTests
{
    [Fact]
    public async Task Figures_tell_events_runs_and_calls()
    {
        await using var world = await ApiWorld.StartAsync();
        (await world.HookAsync("""{ "id": "m1", "name": "Ruiz" }""")).Dispose();
        await world.UntilAsync("/api/runs?key=m1", r => r.GetArrayLength() == 1);
        string text;
        do text = await world.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        while (!text.Contains("flow_runs_total{", StringComparison.Ordinal));
        // Other servers of this process are heard as well.
        Assert.Matches(@"flow_events_accepted_total(\{[^}]*\})? [1-9]", text);
        Assert.Matches(@"flow_runs_total\{[^}]*outcome=""succeeded""[^}]*\} [0-9]", text);
        Assert.DoesNotContain("m1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_one_trace_with_its_steps_and_calls_are_linked_to_it()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RuntimeTrace.Name, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var world = await ApiWorld.StartAsync();
        (await world.HookAsync("""{ "id": "trace-me", "name": "Ruiz" }""")).Dispose();
        var runs = await world.UntilAsync("/api/runs?key=trace-me", r => r.GetArrayLength() == 1);
        var id = runs[0].GetProperty("id").GetString();
        Activity? run = null;
        for (var i = 0; i < 1_000 && run is null; i++)
        {
            run = ended.FirstOrDefault(a => a.GetTagItem("flow.run") as string == id);
            if (run is null) await Task.Delay(10);
        }

        Assert.NotNull(run);
        var steps = ended.Where(a => a.TraceId == run.TraceId && a.OperationName.StartsWith("step ", StringComparison.Ordinal)).ToList();
        Assert.Contains(steps, s => s.GetTagItem("flow.step") as string == "account");
        Assert.Contains(ended, a => a.OperationName.StartsWith("call salesforce", StringComparison.Ordinal) && a.Links.Any(l => l.Context.TraceId == run.TraceId));
        Assert.DoesNotContain(ended.SelectMany(a => a.TagObjects), t => t.Value is string text && (text.Contains("trace-me", StringComparison.Ordinal) || text.Contains("Ruiz", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_doctor_tells_what_is_well_and_what_is_not_with_what_to_do()
    {
        await using var world = await ApiWorld.StartAsync();
        var well = (await world.GetAsync("/api/doctor")).GetProperty("data").EnumerateArray().ToDictionary(c => c.GetProperty("check").GetString()!, c => c.GetProperty("good").GetBoolean());
        Assert.All(new[] { "workspace folder", "connection org", "connection tenant", "database", "deployment orders" }, check => Assert.True(well[check], check));
        Assert.True(well["master key"] && well["database file"]);
        await world.PostAsync("/api/deployments/orders/pause", new { reason = "stocktaking" });
        var paused = (await world.GetAsync("/api/doctor")).GetProperty("data").EnumerateArray().Single(c => c.GetProperty("check").GetString() == "deployment orders");
        Assert.Equal((false, "Paused by local: stocktaking."), (paused.GetProperty("good").GetBoolean(), paused.GetProperty("message").GetString()));
    }
}

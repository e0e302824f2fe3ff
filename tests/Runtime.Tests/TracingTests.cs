using System.Collections.Concurrent;
using System.Diagnostics;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class TracingTests
{
    [Fact]
    public async Task A_run_that_waits_and_is_tried_again_stays_in_one_trace_and_each_call_is_linked_to_it()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RuntimeTrace.Name, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Fail(FakeFault.RateLimited);
        await harness.ChangedAsync(deployment, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();
        await harness.DrainAsync(TimeSpan.FromMinutes(10));

        // Other tests of this process are traced too.
        var run = Assert.Single(harness.Stores.AllRuns);
        var spans = ended.Where(a => a.GetTagItem("flow.run") as string == run.Id).ToList();
        Assert.Equal(2, spans.Count);
        var trace = Assert.Single(spans.Select(s => s.TraceId).Distinct());
        Assert.All(spans, s => Assert.Equal(run.EventId, s.GetTagItem("flow.event")));
        var steps = ended.Where(a => a.TraceId == trace && a.OperationName.StartsWith("step ", StringComparison.Ordinal)).ToList();
        // The step that failed and the one that then did it, each below the span of its own try.
        Assert.True(steps.Count(s => s.GetTagItem("flow.step") as string == "account") >= 2);
        Assert.All(steps, s => Assert.Contains(s.ParentSpanId, spans.Select(r => r.SpanId)));
        var calls = ended.Where(a => a.OperationName.StartsWith("call ", StringComparison.Ordinal) && a.Links.Any(l => l.Context.TraceId == trace)).ToList();
        Assert.True(calls.Count >= 2);
        Assert.Contains(calls, c => c.Status == ActivityStatusCode.Error);
        Assert.Contains(calls, c => c.Status != ActivityStatusCode.Error);
    }
}

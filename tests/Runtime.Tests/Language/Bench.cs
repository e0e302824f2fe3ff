using WorkflowEngine.Abstractions;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>Vendors and short words for flows written as text.</summary>
internal static class Bench
{
    public static readonly EntityDescriptor Invoice = FakeEntity.Describe("invoice", "number+", "job+", "total#", "status+");
    public static readonly EntityDescriptor Job = FakeEntity.Describe("Job", "Key!", "Total#", "Count", "Note");
    public static readonly EntityDescriptor Line = FakeEntity.Describe("Line", "Key!", "Parent", "Text", "State");

    public static RuntimeHarness Harness()
    {
        var harness = Shapes.Harness();
        harness.Source.Add(Invoice);
        harness.Target.Add(Job);
        harness.Target.Add(Line);
        return harness;
    }

    public static string Invoiced(this RuntimeHarness harness, string number, string job, decimal total, string status = "open") =>
        harness.Source.Put("invoice", null, ("number", number), ("job", job), ("total", total), ("status", status));

    /// <summary>Lets the clock run in steps until the condition holds; what waits for it is given every chance to come to its wait.</summary>
    public static async Task UntilAsync(this RuntimeHarness harness, Func<bool> holds, TimeSpan step)
    {
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30);)
        {
            await harness.IdleAsync();
            if (holds()) return;
            for (var i = 0; i < 50; i++) await Task.Yield();
            harness.Time.Advance(step);
        }

        Assert.Fail("It did not happen.");
    }

    /// <summary>Waits until nothing can run, or until the process is dead and never will be idle.</summary>
    public static async Task UntilDeadOrIdleAsync(this RuntimeHarness harness)
    {
        var idle = harness.IdleAsync();
        while (!idle.IsCompleted && !harness.IsDead) await Task.Yield();
    }

    public static IReadOnlyList<string?> Field(this FakeVendor vendor, string entity, string field) =>
        [.. vendor.All(entity).Select(r => r.GetValueOrDefault(field)?.ToString()).Order(StringComparer.Ordinal)];
}

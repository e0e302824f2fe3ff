using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.EndToEnd.Tests.Volume;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.FlowTesting;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.EndToEnd.Tests.Load;

/// <summary>
/// A backfill beside live events and foreign use of the same realm, on a virtual clock: the real engine on SQLite against a vendor that counts. <c>FLOW_BUDGET_RUN=1</c> takes the whole size
/// (500,000 records, 20 live events a second); the table is printed and the plot lies in <c>artifacts/budget</c>.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class BudgetRunTests(ITestOutputHelper output)
{
    private const string Flow = """
        flow: customers
        connections: { counting: counting }
        trigger: { on: counting/customer.changed, every: 1s }
        steps:
          - upsert: counting/account
            match: [ [number] ]
            set: { number: =input.id, name: =input.name }
        """;

    [Fact]
    public async Task A_backfill_takes_what_live_work_others_and_the_reserve_leave_and_no_limit_is_met()
    {
        var whole = Environment.GetEnvironmentVariable("FLOW_BUDGET_RUN") == "1";
        var run = whole ? BudgetRun.Whole : BudgetRun.Small;
        var time = new VirtualTime(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
        var vendor = new CountingVendor(run, time);
        var disk = new BusyDisk();
        using var folder = new WorkspaceFolder();
        folder.Write("flows/customers/flow.yaml", Flow);
        folder.Write("connections/counting.yaml", "connector: counting\n");
        folder.Write("deployments/customers.yaml", "deployment: customers\ntemplate: customers\nconnections: { counting: counting }\n");
        await using var host = await FlowHost.OpenAsync(
            new FlowHostOptions { Connectors = [vendor], Database = folder.Database, Durable = false, Time = time, Writer = disk.Around, Environment = static _ => null, Runtime = new RuntimeOptions { KeepJournal = TimeSpan.FromDays(1) } }, default);
        var runner = new WorkspaceRunner(host, folder.Path, [vendor], static _ => null, NullLogger<WorkspaceRunner>.Instance);
        Assert.True(await runner.TakeAsync(default), string.Join("\n", runner.Findings));
        Assert.Empty(runner.Problems);
        await host.StartAsync(default);
        var engine = new QuietTime(disk, time);

        await engine.PassAsync(run.WarmUp);
        var active = host.Runtime.Registry.All.Single();
        var begun = await host.Runtime.Backfills.BeginAsync(active, new BackfillOrder(), "the test", default);
        Assert.Null(begun.Problem);
        var began = time.GetUtcNow();
        var before = host.Budgets.Of(["counting:1"])[0];
        var samples = new List<BudgetSample>();
        BackfillProgress progress;
        BudgetView budget;
        DateTimeOffset? firstEta = null;
        do
        {
            await engine.PassAsync(TimeSpan.FromMinutes(1));
            progress = (await host.Runtime.Backfills.FindAsync("default", begun.Backfill!.Id, default))!;
            budget = host.Budgets.Of(["counting:1"])[0];
            samples.Add(new BudgetSample((time.GetUtcNow() - began).TotalMinutes, progress.Backfill.Read - progress.Waiting, budget.Live + budget.Retry, budget.Backfill, budget.Foreign));
            Assert.True(time.GetUtcNow() - began < TimeSpan.FromHours(20), "It does not end.");
            if (progress.Backfill.State == BackfillState.Running) firstEta ??= progress.Eta;
        }
        while (progress.Backfill.IsOpen);

        var took = progress.Backfill.EndedAt!.Value - began;
        var liveHour = (budget.Live + budget.Retry - before.Live - before.Retry) / took.TotalHours;
        var foreignHour = run.ForeignPerSecond * 3600;
        var leftHour = (run.PerDay * (1 - run.Reserve) / 24) - liveHour - foreignHour;
        var ideal = TimeSpan.FromHours(run.Rows / (leftHour * run.Batch));
        var latencies = await LatenciesAsync(host, active, began, began + took);
        var p95 = latencies[(int)(latencies.Count * 0.95)];
        foreach (var (what, value) in new (string, string)[]
        {
            ("records of the backfill", $"{run.Rows:N0} in {took:hh\\:mm\\:ss} (virtual)"), ("rows / (budget - live - foreign - reserve)", $"{ideal:hh\\:mm\\:ss}; taken {took / ideal:0.00} of it"),
            ("live events", $"{latencies.Count:N0}, p50 {latencies[latencies.Count / 2].TotalSeconds:0.00} s, p95 {p95.TotalSeconds:0.00} s, most {latencies[^1].TotalSeconds:0.00} s from acceptance"),
            ("calls an hour", $"live {liveHour:N0}, others {foreignHour:N0}, backfill {budget.Backfill / took.TotalHours:N0}, limit {run.PerDay / 24.0:N0}, reserve {run.PerDay * run.Reserve / 24:N0}"),
            ("limit errors", $"{vendor.Refused}"), ("accounts", $"{vendor.Accounts:N0}"),
        })
        {
            output.WriteLine($"{what,-44} {value}");
        }

        // What is under way when the test ends needs its time too.
        var stopping = host.Runtime.StopAsync();
        while (!stopping.IsCompleted) await engine.PassAsync(TimeSpan.FromSeconds(1));
        await stopping;
        var plot = Path.Combine(WorkspaceFolder.Repository(), "artifacts", "budget");
        Directory.CreateDirectory(plot);
        await File.WriteAllTextAsync(Path.Combine(plot, whole ? "budget-run.svg" : "budget-run-small.svg"), BudgetPlot.Of(run, samples, ideal.TotalMinutes));
        Assert.Equal((BackfillState.Done, run.Rows), (progress.Backfill.State, progress.Backfill.Accepted));
        Assert.Equal(0, vendor.Refused);
        Assert.Empty(await host.View.DeadLetters.ListAsync(new DeadLetterFilter { Workspace = "default", Limit = 5 }, default));
        Assert.True(p95 < TimeSpan.FromSeconds(5), string.Create(CultureInfo.InvariantCulture, $"p95 {p95.TotalSeconds:0.00} s"));
        // Over the whole time, all together stayed below what is not reserved.
        Assert.All(samples, s => Assert.True(s.Live + s.Backfill + s.Foreign <= ((s.Minutes + run.WarmUp.TotalMinutes) / 1440 * run.PerDay * (1 - run.Reserve) * 1.02) + 100, $"{s}: the reserve was touched."));
        Assert.True(took / ideal is > 0.9 and < 1.1, $"{took} instead of {ideal}");
    }

    /// <summary>Times from acceptance to the end of live runs that began meanwhile, shortest first.</summary>
    private static async Task<List<TimeSpan>> LatenciesAsync(FlowHost host, ActiveDeployment active, DateTimeOffset from, DateTimeOffset to)
    {
        var times = new List<TimeSpan>();
        for (string? before = null; ;)
        {
            var page = await host.View.Runs.ListAsync(new RunFilter { Workspace = "default", Deployment = active.Ref.Id, Since = from, Before = before, Limit = 1_000 }, default);
            times.AddRange(page.Where(r => r.Priority == Abstractions.CallPriority.Live && r.AcceptedAt >= from && r.AcceptedAt <= to).Select(r => r.EndedAt - r.AcceptedAt));
            if (page.Count < 1_000) break;
            before = page[^1].Id;
        }

        times.Sort();
        return times;
    }
}

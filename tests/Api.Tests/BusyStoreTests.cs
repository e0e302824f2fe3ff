using System.Net;
using System.Text.Json;
using WorkflowEngine.Runtime;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Api.Tests;

/// <summary>A database that is behind: intake closes with a time to come again, and what was taken is kept.</summary>
public sealed class BusyStoreTests
{
    private const int MostBehind = 20;
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const long Job = 77120449;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Calls_and_webhooks_over_the_bound_are_answered_503_with_a_time_and_all_that_was_taken_runs_once()
    {
        var disk = new HeldDisk();
        await using var world = await ApiWorld.StartAsync(
            new Dictionary<string, string>
            {
                ["flows/orders/flow.yaml"] = Flows.Orders, ["deployments/orders.yaml"] = Flows.OrdersDeployment,
                ["flows/done-jobs/flow.yaml"] = WebhookTests.Flow, ["deployments/done-jobs.yaml"] = "deployment: done-jobs\ntemplate: done-jobs\nconnections: { servicetitan: tenant, salesforce: org }\nsharedFields: [Account.AccountNumber, Account.Name]\n",
            },
            environment: variables => variables["ST_HOOK_KEY"] = Key,
            prepare: made =>
            {
                made.ServiceTitan.PutRecord("jobs", new Dictionary<string, object?> { ["id"] = Job, ["summary"] = "Replaced the heater", ["jobStatus"] = "Scheduled" });
                WebhookTests.WriteTenant(made);
            },
            host: host => host with { Writer = disk.Around, Runtime = new RuntimeOptions { LeastRoom = 0, MostIntakeWaiting = MostBehind } });
        world.ServiceTitan.Subscribe(new WebhookSubscription { Url = new Uri(world.Address, "/webhooks/default/tenant"), Key = Key, Events = ["tn.jpm.job-completed"] });
        await world.Host.Runtime.WaitIdleAsync(default);

        using var held = disk;
        disk.Hold();
        var sent = new List<Task<HttpResponseMessage>>();
        while (!sent.Any(s => s.IsCompleted))
        {
            Assert.True(sent.Count < 10 * MostBehind, "Everything was taken.");
            sent.Add(PostAsync(world, sent.Count));
            await Task.WhenAny([.. sent, Task.Delay(20)]);
        }

        using var refused = await sent.First(s => s.IsCompleted);
        Assert.Equal(2, refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        var problem = await ApiWorld.ProblemAsync(refused, HttpStatusCode.ServiceUnavailable, "busy");
        Assert.Equal("The database is behind with what was sent before.", problem.GetProperty("detail").GetString());

        // A vendor's webhook is told so too: the vendor keeps it and sends it again.
        world.ServiceTitan.CompleteJob(Job);
        await UntilAsync(() => world.ServiceTitan.Deliveries.Count == 1);
        Assert.Equal((503, TimeSpan.FromSeconds(2)), (world.ServiceTitan.Deliveries[0].Status, world.ServiceTitan.Deliveries[0].RetryAfter));
        using (var webhook = await world.SendAsync(HttpMethod.Post, "/hooks/orders/" + world.Environment["HOOK_TOKEN"], """{ "id": "late", "name": "Ruiz" }"""))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, webhook.StatusCode);
        }

        disk.Dispose();
        // Whoever was not refused is answered when it is on disk; one that was under way beside the first refused may be refused too.
        var taken = 0;
        foreach (var answer in await Task.WhenAll(sent))
        {
            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Accepted, HttpStatusCode.ServiceUnavailable });
            if (answer.StatusCode == HttpStatusCode.Accepted) taken++;
            answer.Dispose();
        }

        Assert.True(taken >= MostBehind, $"{taken} waited for the database.");

        using (var later = await PostAsync(world, 9_000)) Assert.Equal(HttpStatusCode.Accepted, later.StatusCode);
        await world.UntilAsync("/api/runs?deployment=orders&outcome=succeeded&limit=200", r => r.GetArrayLength() == taken + 1);
        // The vendor's second attempt comes ten seconds later by its clock.
        world.ServiceTitan.Clock.Advance(TimeSpan.FromSeconds(30));
        await world.UntilAsync("/api/runs?deployment=done-jobs", r => r.GetArrayLength() == 1);
        var accounts = world.Salesforce.Records("Account", "AccountNumber").Select(a => a["AccountNumber"]).Where(n => n is not null).ToList();
        Assert.Equal(taken + 2, accounts.Count);
        Assert.Equal(accounts.Count, accounts.Distinct().Count());
        Assert.DoesNotContain("late", accounts);
    }

    private static Task<HttpResponseMessage> PostAsync(ApiWorld world, int number) => world.HookAsync(JsonSerializer.Serialize(new { id = $"b{number}", name = "Ruiz" }));

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !holds();)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "It did not happen.");
            await Task.Delay(20);
        }
    }

    /// <summary>Takes nothing while it is held: what it was given waits.</summary>
    private sealed class HeldDisk : IDisposable
    {
        private volatile TaskCompletionSource? _held;

        public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Also where the test ends before it comes to that: else the server would wait for it for ever.</summary>
        public void Dispose() => _held?.TrySetResult();

        public IStoreWriter Around(IStoreWriter inner) => new Held(this, inner);

        private sealed class Held(HeldDisk disk, IStoreWriter inner) : IStoreWriter
        {
            public async Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
            {
                if (disk._held is { } held) await held.Task;
                return await inner.CommitAsync(sets, cancellationToken);
            }

            public void Prepare(ChangeSet set) => inner.Prepare(set);
        }
    }
}

using System.Net;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Api.Tests;

public sealed class WebhookTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const long Job = 77120449;

    // The summary is not in the webhook: it shows that the record was read. No feed is read: nothing but the webhook can bring the job.
    internal const string Flow = """
        flow: done-jobs
        title: Completed jobs become accounts
        version: 1.0.0
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        trigger: { on: servicetitan/job.completed }
        steps:
          - create: salesforce/Account
            once: { AccountNumber: =input.id }
            set: { Name: =input.summary ?? 'nothing' }
        """;

    [Fact]
    public async Task A_signed_webhook_starts_a_run_with_the_record_read_in_full_and_once()
    {
        await using var world = await StartAsync();
        world.ServiceTitan.Subscribe(new WebhookSubscription { Url = new Uri(world.Address, "/webhooks/default/tenant"), Key = Key });
        world.ServiceTitan.CompleteJob(Job);
        await world.UntilAsync("/api/runs?deployment=done-jobs", runs => runs.GetArrayLength() == 1);
        await UntilAsync(() => Accounts(world).Count == 1);
        Assert.Equal("Replaced the heater", Assert.Single(Accounts(world)));
        Assert.All(world.ServiceTitan.Deliveries, d => Assert.Equal(200, d.Status));
        Assert.Contains("tn.jpm.job-completed", world.ServiceTitan.Deliveries.Select(d => d.Type));
    }

    [Fact]
    public async Task A_webhook_with_a_wrong_key_starts_nothing()
    {
        await using var world = await StartAsync();
        world.ServiceTitan.Subscribe(new WebhookSubscription { Url = new Uri(world.Address, "/webhooks/default/tenant"), Key = new string('x', 32), Events = ["tn.jpm.job-completed"] });
        world.ServiceTitan.CompleteJob(Job);
        await UntilAsync(() => world.ServiceTitan.Deliveries.Count > 0);
        Assert.Equal(401, world.ServiceTitan.Deliveries[0].Status);
        Assert.Equal(0, (await world.GetAsync("/api/runs?deployment=done-jobs")).GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData("/webhooks/default/org")]
    [InlineData("/webhooks/default/nobody")]
    [InlineData("/webhooks/other/tenant")]
    public async Task What_takes_no_webhooks_and_what_is_not_there_are_not_told_apart(string path)
    {
        await using var world = await StartAsync();
        await ApiWorld.ProblemAsync(await world.SendAsync(HttpMethod.Post, path, "{}"), HttpStatusCode.NotFound, "not-found");
    }

    private static async Task<ApiWorld> StartAsync()
    {
        var world = await ApiWorld.StartAsync();
        world.ServiceTitan.PutRecord("jobs", new Dictionary<string, object?> { ["id"] = Job, ["summary"] = "Replaced the heater", ["jobStatus"] = "Scheduled" });
        world.Environment["ST_HOOK_KEY"] = Key;
        WriteTenant(world);
        world.Write("flows/done-jobs/flow.yaml", Flow);
        world.Write("deployments/done-jobs.yaml", "deployment: done-jobs\ntemplate: done-jobs\nconnections: { servicetitan: tenant, salesforce: org }\n");
        Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
        Assert.Empty(world.Runner.Problems);
        return world;
    }

    /// <summary>The tenant with the webhooks' key in ST_HOOK_KEY; of its feeds only that of customers is read.</summary>
    internal static void WriteTenant(ApiWorld world) =>
        world.Write("connections/tenant.yaml", $$"""
            connector: servicetitan
            settings: { tenant: '1234567890', baseAddress: '{{world.ServiceTitanAddress.GetLeftPart(UriPartial.Authority)}}', clientId: {{ServiceTitanSimulator.ClientId}}, allowPrivate: true, feeds: customers }
            secrets: { clientSecret: { env: ST_SECRET }, appKey: { env: ST_APP_KEY }, webhookKey: { env: ST_HOOK_KEY } }
            """);

    private static IReadOnlyList<string?> Accounts(ApiWorld world) => [.. world.Salesforce.Records("Account", "Name", "AccountNumber").Where(r => r["AccountNumber"] == Job.ToString(System.Globalization.CultureInfo.InvariantCulture)).Select(r => r["Name"])];

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; !holds(); i++)
        {
            Assert.True(i < 2000, "It did not happen.");
            await Task.Delay(30);
        }
    }
}

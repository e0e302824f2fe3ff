using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Simulators.Tests.ServiceTitan.TenantFixture;

namespace WorkflowEngine.Simulators.Tests.ServiceTitan;

public sealed class WebhookTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("sha256", "hex")]
    [InlineData("sha512", "base64")]
    public async Task A_completed_job_is_told_in_one_signed_cloud_event(string hash, string encoding)
    {
        await using var st = await TenantFixture.Start();
        await using var consumer = await Consumer.StartAsync();
        st.SetUp();
        var (_, _, job) = await st.Book();
        st.Simulator.Subscribe(new WebhookSubscription { Url = consumer.Url, Events = ["tn.jpm.job-completed"], Key = Key, Header = "x-sig", Hash = hash, Encoding = encoding });
        (await st.Put($"{Jpm}/jobs/{job}/complete", """{ "completedOn": "2026-09-14T21:00:00Z" }""")).Expect(200);
        var (body, headers) = await consumer.NextAsync();
        var mac = hash == "sha256" ? HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), body) : HMACSHA512.HashData(Encoding.UTF8.GetBytes(Key), body);
        Assert.Equal(encoding == "hex" ? Convert.ToHexStringLower(mac) : Convert.ToBase64String(mac), headers["x-sig"].ToString());
        using var sent = JsonDocument.Parse(body);
        Assert.Equal(("tn.jpm.job-completed", job), (sent.RootElement.GetProperty("type").GetString(), sent.RootElement.GetProperty("data").GetProperty("job").GetProperty("id").GetInt64()));
        Assert.False(sent.RootElement.GetProperty("data").GetProperty("job").TryGetProperty("summary", out _));
    }

    [Fact]
    public async Task What_is_refused_comes_again_after_ten_thirty_sixty_and_three_hundred_seconds_and_then_no_more()
    {
        await using var st = await TenantFixture.Start();
        await using var consumer = await Consumer.StartAsync(status: 503);
        st.SetUp();
        st.Simulator.Subscribe(new WebhookSubscription { Url = consumer.Url, Events = ["tn.jpm.job-scheduled"] });
        await st.Book();
        HashSet<string?> occurrences = [];
        foreach (var wait in new[] { 0, 10, 30, 60, 300 })
        {
            if (wait > 0)
            {
                var before = consumer.Taken;
                st.Time.Advance(TimeSpan.FromSeconds(wait - 1));
                Assert.Equal(before, consumer.Taken);
                st.Time.Advance(TimeSpan.FromSeconds(1));
            }

            using var sent = JsonDocument.Parse((await consumer.NextAsync()).Body);
            occurrences.Add(sent.RootElement.GetProperty("userassignedid").GetString());
            await Settled(() => st.Simulator.Deliveries.Count == consumer.Taken);
        }

        Assert.Single(occurrences);
        Assert.Equal([1, 2, 3, 4, 5], st.Simulator.Deliveries.Select(d => d.Attempt));
        Assert.All(st.Simulator.Deliveries, d => Assert.Equal(503, d.Status));
        st.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(5, consumer.Taken);
    }

    [Fact]
    public async Task Subscriptions_are_set_up_by_request_and_lead_to_loopback_only()
    {
        await using var st = await TenantFixture.Start();
        (await st.Post("/_webhooks", $$"""{ "url": "http://127.0.0.1:9/x", "events": [ "tn.jpm.job-updated" ], "key": "{{Key}}" }""")).Expect(204);
        (await st.Post("/_webhooks", """{ "url": "http://example.com/x" }""")).Expect(400);
        (await st.Post("/_webhooks", """{ "url": "http://127.0.0.1:9/x", "key": "short" }""")).Expect(400);
        Assert.Equal(0, (await st.Get("/_webhooks")).Json.GetArrayLength());
    }

    [Theory]
    [InlineData("tn.jpm.job-scheduled", "jpm-v2.json", "Jpm.V2.Webhook.JobScheduledWebhookEvent")]
    [InlineData("tn.jpm.job-updated", "jpm-v2.json", "Jpm.V2.Webhook.JobUpdatedWebhookEvent")]
    [InlineData("tn.jpm.job-completed", "jpm-v2.json", "Jpm.V2.Webhook.JobCompletedWebhookEvent")]
    [InlineData("tn.jpm.job-rescheduled", "jpm-v2.json", "Jpm.V2.Webhook.JobRescheduledWebhookEvent")]
    [InlineData("tn.jpm.job-appointment-updated", "jpm-v2.json", "Jpm.V2.Webhook.JobAppointmentUpdatedWebhookEvent")]
    [InlineData("tn.dis.technician-dispatched", "dispatch-v2.json", "Dispatch.V2.Webhook.TechnicianDispatchedWebhookEvent")]
    [InlineData("tn.acc.invoice-updated", "accounting-v2.json", "Accounting.V2.Webhook.InvoiceUpdatedEventPayload")]
    [InlineData("tn.crm.booking-updated", "crm-v2.json", "Crm.V2.Webhooks.BookingUpdatedWebhookPayload")]
    public async Task An_event_is_as_published(string type, string file, string schema)
    {
        var folder = Environment.GetEnvironmentVariable("SERVICETITAN_SPECS");
        Assert.SkipUnless(folder is not null, "SERVICETITAN_SPECS does not name the folder of ServiceTitan's OpenAPI documents.");
        await using var st = await TenantFixture.Start();
        await using var consumer = await Consumer.StartAsync();
        st.SetUp();
        st.Simulator.Subscribe(new WebhookSubscription { Url = consumer.Url, Events = [type] });
        st.Put("bookings", 900, ("name", "Dana"));
        var (_, _, job) = await st.Book();
        var visit = Ids(await st.Get($"{Jpm}/appointments?jobId={job}"))[0];
        (await st.Patch($"{Jpm}/jobs/{job}", """{ "priority": "High" }""")).Expect(200);
        (await st.Patch($"{Jpm}/appointments/{visit}/reschedule", """{ "start": "2026-10-06T08:00:00Z", "end": "2026-10-06T10:00:00Z" }""")).Expect(200);
        (await st.Put($"{Jpm}/appointments/{visit}/confirmation")).Expect(200);
        (await st.Post($"/_people/appointments/{visit}/dispatch", "{}")).Expect(200);
        (await st.Put($"{Jpm}/jobs/{job}/complete", """{ "completedOn": "2026-09-14T21:00:00Z" }""")).Expect(200);
        using var sent = JsonDocument.Parse((await consumer.NextAsync()).Body);
        Assert.Empty(OpenApiDocument.Load(Path.Combine(folder!, file)).ModelProblems("CloudEvent_Of_" + schema, sent.RootElement));
    }

    private static async Task Settled(Func<bool> until)
    {
        while (!until())
        {
            await Task.Yield();
        }
    }

    private sealed class Consumer : IAsyncDisposable
    {
        private readonly BlockingCollection<(byte[], IHeaderDictionary)> _calls = [];
        private readonly WebApplication _app;
        private int _taken;

        private Consumer(WebApplication app) => _app = app;

        public int Taken => Volatile.Read(ref _taken);

        public Uri Url { get; private set; } = null!;

        public static async Task<Consumer> StartAsync(int status = 200)
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.Services.AddRoutingCore();
            builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
            var consumer = new Consumer(builder.Build());
            consumer._app.Run(async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                Interlocked.Increment(ref consumer._taken);
                context.Response.StatusCode = status;
                consumer._calls.Add((body.ToArray(), new HeaderDictionary(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value))));
            });
            await consumer._app.StartAsync();
            consumer.Url = new Uri(consumer._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            return consumer;
        }

        public Task<(byte[] Body, IHeaderDictionary Headers)> NextAsync() => Task.Run(() => _calls.Take(TestContext.Current.CancellationToken));

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _calls.Dispose();
        }
    }
}

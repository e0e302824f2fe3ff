using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Api;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.EndToEnd.Tests.Load;

/// <summary>The real server over a SQLite file that may not grow: calls are refused in time, and what was accepted is not lost.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private static readonly string Token = WorkspaceFolder.Environment["E2E_HOOK_TOKEN"];
    private const long Megabyte = 1024 * 1024;

    private const string Flow = """
        flow: orders
        connections: { salesforce: salesforce }
        input:
          id: { type: text }
          note: { type: text }
        trigger: { webhook: orders, with: =trigger }
        key: =input.id
        steps:
          - create: salesforce/Account
            once: { AccountNumber: =input.id }
            set: { Name: =input.id }
        """;

    private readonly SkipClock _clock = new();
    private Vendors _vendors = null!;
    private WorkspaceFolder _folder = null!;

    public async ValueTask InitializeAsync()
    {
        _vendors = await Vendors.StartAsync(_clock);
        _folder = new WorkspaceFolder();
        _folder.WriteConnections(_vendors);
        _folder.Write("flows/orders/flow.yaml", Flow);
        _folder.Write("deployments/orders.yaml", "deployment: orders\ntemplate: orders\nconnections: { salesforce: org }\nhookToken: { env: E2E_HOOK_TOKEN }\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _vendors.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Before_the_database_is_full_calls_are_answered_503_with_a_time_and_all_that_was_accepted_runs()
    {
        var accepted = new List<string>();
        await using (var server = await ServerAsync(most: 8 * Megabyte, leastRoom: 5 * Megabyte, paused: true))
        {
            var answer = await FillAsync(server, accepted);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(30, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
            Assert.Equal("busy", JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
            Assert.True(accepted.Count > 10, $"{accepted.Count} were accepted.");
            await server.ResumeAsync();
            await server.RestAsync(_clock);
        }

        Assert.Equal(accepted.Order(), Numbers());
    }

    [Fact]
    public async Task A_database_that_is_full_to_the_last_page_refuses_what_it_cannot_store_and_keeps_what_it_accepted()
    {
        var accepted = new List<string>();
        await using (var server = await ServerAsync(most: 3 * Megabyte, leastRoom: 0, paused: true))
        {
            // Nothing is held back here: SQLite itself says that it is full.
            var answer = await FillAsync(server, accepted);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        // Somebody makes room.
        await using (var server = await ServerAsync(most: 64 * Megabyte, leastRoom: 0, paused: false))
        {
            await server.ResumeAsync();
            await server.RestAsync(_clock);
        }

        Assert.True(accepted.Count > 10, $"{accepted.Count} were accepted.");
        Assert.Equal(accepted.Order(), Numbers());
    }

    [Fact]
    public async Task A_backlog_at_its_bound_is_answered_429_with_a_time_until_it_was_worked_off()
    {
        var accepted = new List<string>();
        await using var server = await ServerAsync(most: null, leastRoom: 0, paused: true, mostWaiting: 25);
        var answer = await FillAsync(server, accepted);
        Assert.Equal((HttpStatusCode.TooManyRequests, 25), (answer.StatusCode, accepted.Count));
        Assert.Equal(10, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        await server.ResumeAsync();
        await server.RestAsync(_clock);
        var again = await server.PostAsync("more");
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        await server.RestAsync(_clock);
        Assert.Equal(accepted.Append("more").Order(), Numbers());
    }

    private static async Task<HttpResponseMessage> FillAsync(Server server, List<string> accepted)
    {
        for (var i = 0; i < 20_000; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"o{i:00000}");
            var answer = await server.PostAsync(id);
            if (answer.StatusCode != HttpStatusCode.Accepted) return answer;
            accepted.Add(id);
        }

        throw new Xunit.Sdk.XunitException("Everything was accepted.");
    }

    private IEnumerable<string?> Numbers() => _vendors.Salesforce.Records("Account", ["AccountNumber"]).Select(a => a["AccountNumber"]).Order();

    private async Task<Server> ServerAsync(long? most, long leastRoom, bool paused, long mostWaiting = 2_000_000)
    {
        var options = EngineWorld.OptionsOf(_folder) with
        {
            Time = _clock, MostDatabaseBytes = most, Runtime = new RuntimeOptions { LeastRoom = leastRoom, MostWaiting = mostWaiting, Drain = TimeSpan.FromSeconds(1) },
        };
        var host = await FlowHost.OpenAsync(options, default);
        var runner = new WorkspaceRunner(host, _folder.Path, EngineWorld.Connectors, options.Environment, NullLogger<WorkspaceRunner>.Instance);
        Assert.True(await runner.TakeAsync(default), string.Join("\n", runner.Findings));
        var active = host.Runtime.Registry.All.Single();
        if (paused) host.Runtime.Registry.SetState(active.Ref, DeploymentState.Paused, "The tests fill the line.");
        var app = await ApiServer.StartAsync(host, runner, new ApiServerOptions { Urls = "http://127.0.0.1:0", Logs = NullLoggerFactory.Instance, Schema = "{}", AllowPrivate = true }, default);
        await host.StartAsync(default);
        return new Server(host, app, active.Ref);
    }

    private sealed class Server(FlowHost host, Microsoft.AspNetCore.Builder.WebApplication app, DeploymentRef deployment) : IAsyncDisposable
    {
        private static readonly string Note = new('n', 4_000);
        private readonly HttpClient _client = new() { BaseAddress = new Uri(app.Urls.First()) };

        public Task<HttpResponseMessage> PostAsync(string id) =>
            _client.PostAsync($"/hooks/orders/{Token}", new StringContent(JsonSerializer.Serialize(new { id, note = Note }), Encoding.UTF8, "application/json"));

        public Task ResumeAsync() => host.Runtime.ResumeAsync(deployment);

        /// <summary>Everything accepted has run.</summary>
        public async Task RestAsync(SkipClock clock)
        {
            for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(100);)
            {
                var backlog = await host.View.Inbox.CountAsync(default);
                if (backlog.Sum(b => b.Ready + b.Behind + b.Delayed) == 0) return;
                clock.Skip(TimeSpan.FromSeconds(1));
                await Task.Delay(20);
            }

            Assert.Fail("It does not come to rest.");
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await app.StopAsync();
            await app.DisposeAsync();
            await host.DisposeAsync();
        }
    }
}

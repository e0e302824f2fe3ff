using System.Text;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api.Tests;

/// <summary>Secrets that would be recognised anywhere are used everywhere, then everything the server left behind is searched for them.</summary>
public sealed class CanaryTests
{
    [Fact]
    public async Task No_secret_is_in_a_log_an_answer_a_file_or_a_database()
    {
        const string InConnection = "canary-connection-77aa01";
        const string InHook = "canary-hook-77aa02-of-the-tests";
        var lines = new StringBuilder();
        using var logs = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Trace).AddProvider(new Tape(lines)));
        await using var world = await ApiWorld.StartAsync(
            options: o => o with { Logs = logs, Access = new AccessOptions { Keys = true, Wrong = 1_000 } }, environment: e => e["HOOK_TOKEN"] = InHook, logs: logs);
        var keys = new AccessKeys(world.Host.Settings.AccessKeys, world.Host.Time);
        var (_, admin) = await keys.MakeAsync("default", "admin", "admin", null, "test", default);
        world.Client.DefaultRequestHeaders.Authorization = new("Bearer", admin);
        var answers = new StringBuilder();
        async Task SendAsync(HttpMethod method, string path, object? body = null)
        {
            using var answer = await world.SendAsync(method, path, body);
            answers.Append(await answer.Content.ReadAsStringAsync()).Append(answer.Headers);
        }

        foreach (var settings in new object[] { new { baseAddress = world.SalesforceAddress.GetLeftPart(UriPartial.Authority), allowPrivate = "true" }, new { baseAddress = "nowhere" }, new { none = "x" } })
        {
            await SendAsync(HttpMethod.Put, "/api/connections/main", new { connector = "salesforce", settings, secrets = new { clientId = InConnection, clientSecret = InConnection } });
        }

        await SendAsync(HttpMethod.Post, "/api/connections/main/test", new { });
        await SendAsync(HttpMethod.Put, "/api/deployments/x", new { template = "orders", connections = new { salesforce = "main" } });
        await SendAsync(HttpMethod.Post, $"/hooks/orders/{InHook}", """{ "id": "1", "name": "Ruiz" }""");
        await SendAsync(HttpMethod.Post, $"/hooks/none/{InHook}", "{}");
        await SendAsync(HttpMethod.Post, $"/hooks/orders/{InHook}", """{ "id": 1 """);
        foreach (var path in EndpointTable.All.Where(e => e.Method == "GET" && !e.Pattern.Contains('{') && !e.Pattern.EndsWith("live", StringComparison.Ordinal)).Select(e => e.Pattern)) await SendAsync(HttpMethod.Get, path);
        await SendAsync(HttpMethod.Get, "/openapi/v1.json");
        await world.CloseAsync();

        var secrets = new[] { InConnection, InHook, admin.Split('_')[2] };
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, lines.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(secret, answers.ToString(), StringComparison.Ordinal);
            foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(world.Folder)!, "*", SearchOption.AllDirectories))
            {
                Assert.False(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).Contains(secret, StringComparison.Ordinal), $"{file} holds a secret");
            }
        }

        Assert.NotEqual(0, lines.Length);
        await world.OpenAsync();
    }

    private sealed class Tape(StringBuilder lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines) lines.AppendLine(formatter(state, exception)).AppendLine(exception?.ToString());
        }

        public void Dispose()
        {
        }
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Api.Tests;

/// <summary>The server as operators start and stop it: by a file of settings, by the environment, by a signal.</summary>
public sealed class ServerProcessTests : IDisposable
{
    private const string Token = "hook-token-of-the-process-tests";

    private readonly string _folder = Directory.CreateTempSubdirectory("flow-server-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Mistakes_of_file_environment_and_command_line_stop_the_start_together()
    {
        var file = Write("server.yaml", "ulrs: http://127.0.0.1:1\nworkspace: nowhere\n");
        await using var server = ServerProcess.Start(new Dictionary<string, string> { ["FLOW_SERVER_LIMITS_RATE"] = "much" }, "--config", file, "--keep-run", "9d", "--burst");
        Assert.Equal(2, await server.EndedAsync());
        foreach (var sentence in new[]
        {
            $"{file}:1:1: error WF5201: There is no setting 'ulrs'.", "hint: Did you mean 'urls'?", "nowhere' cannot be used: there is no such folder.", "FLOW_SERVER_LIMITS_RATE must be a number from 0.1 to 100000; 'much' is not.",
            "There is no setting '--keep-run'.", "hint: Did you mean '--keep-runs'?", "There is no setting '--burst'.", "5 settings are wrong. Nothing was started.",
        })
        {
            Assert.Contains(sentence, server.Output, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("'9d'", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_holds_and_who_said_it_is_shown_without_starting_anything()
    {
        var file = Write("server.yaml", "apiOnly: true\ndb: data/flow.db\nlimits: { rate: 7 }\n");
        await using var server = ServerProcess.Start(new Dictionary<string, string> { ["FLOW_SERVER_MASTER_KEY"] = Convert.ToBase64String(new byte[32]), ["FLOW_SERVER_LIMITS_RATE"] = "8" }, "--config", file, "--drain", "9s", "--show-config", "--json");
        Assert.Equal(0, await server.EndedAsync());
        var told = JsonSerializer.Deserialize<JsonElement>(server.Output);
        var rows = told.GetProperty("settings").EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!, r => (Value: r.GetProperty("value").GetString(), Origin: r.GetProperty("origin").GetString()));
        Assert.Equal(("8", "FLOW_SERVER_LIMITS_RATE"), rows["limits.rate"]);
        Assert.Equal((Path.Combine(_folder, "data", "flow.db"), $"{file}:2"), rows["db"]);
        Assert.Equal(("9s", "--drain"), rows["drain"]);
        Assert.Equal(("•••", "FLOW_SERVER_MASTER_KEY"), rows["masterKey"]);
        Assert.Equal((null, "default"), rows["urls"]);
        Assert.Equal(0, told.GetProperty("mistakes").GetArrayLength());
        Assert.False(Directory.Exists(Path.Combine(_folder, "data")));
    }

    [Fact]
    public async Task A_server_by_a_file_speaks_https_and_hears_no_variable_of_the_framework()
    {
        var (port, other) = (FreePort.Next(), FreePort.Next());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        Write("server.pem", certificate.ExportCertificatePem());
        Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        var masterKey = RandomNumberGenerator.GetBytes(32);
        var file = Write("server.yaml", $"apiOnly: true\ndb: flow.db\nurls: https://127.0.0.1:{port}\ntls: {{ certificate: server.pem, key: key.pem }}\nauth: keys\n");
        var environment = new Dictionary<string, string>
        {
            ["FLOW_SERVER_MASTER_KEY"] = Convert.ToBase64String(masterKey), ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{other}", ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Kestrel__Endpoints__Other__Url"] = $"http://127.0.0.1:{other}",
        };
        await using var server = ServerProcess.Start(environment, "--config", file);
        await server.SaysAsync("Serving");
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(certificate, $"https://127.0.0.1:{port}/api/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(certificate, $"https://127.0.0.1:{port}/health/live")).Status);
        using var nobody = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => nobody.GetAsync(new Uri($"http://127.0.0.1:{other}/health/live")));
        server.Terminate();
        Assert.Equal(0, await server.EndedAsync());
        // The key was given: none was made.
        Assert.False(File.Exists(Path.Combine(_folder, "flow.key")));
        Assert.DoesNotContain(Convert.ToBase64String(masterKey), server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20s")]
    [InlineData("0s")]
    public async Task A_stop_ends_live_views_drains_as_long_as_it_may_and_loses_nothing(string drain)
    {
        await using var org = await SimulatorHost.StartAsync(new SalesforceSimulator(new SimulatorOptions { Rate = 0, DailyApiLimit = 1_000_000 }));
        WriteOrders(org.BaseAddress);
        var port = FreePort.Next();
        var environment = new Dictionary<string, string> { ["SF_ID"] = SalesforceSimulator.ClientId, ["SF_SECRET"] = SalesforceSimulator.ClientSecret, ["HOOK_TOKEN"] = Token, ["FLOW_SERVER_DRAIN"] = drain, ["FLOW_SERVER_LOG_FORM"] = "json" };
        string[] arguments = ["--workspace", _folder, "--urls", $"http://127.0.0.1:{port}"];
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await using (var server = ServerProcess.Start(environment, arguments))
        {
            await server.SaysAsync("Serving");
            var calls = org.Simulator.Statistics.Total;
            org.Simulator.Faults.Add(new FaultRule { Kind = FaultKind.Slow, DelayMs = 1_500 });
            using var live = await client.GetAsync(new Uri("/api/runs/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            using var body = new StringContent("""{ "id": "d1", "name": "Ruiz" }""", Encoding.UTF8, "application/json");
            using var accepted = await client.PostAsync(new Uri($"/hooks/orders/{Token}", UriKind.Relative), body);
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            // The run is under way: it asked whether the record is there, and the write comes after.
            while (org.Simulator.Statistics.Total == calls) await Task.Delay(20);
            server.Terminate();
            Assert.True(await server.EndedAsync() == 0, server.Output);
            Assert.Contains("Stopping", server.Output, StringComparison.Ordinal);
            var active = server.Output.Split('\n').Where(l => l.StartsWith('{')).Select(l => JsonSerializer.Deserialize<JsonElement>(l)).First(l => l.GetProperty("message").GetString()!.Contains("orders", StringComparison.Ordinal));
            Assert.Equal(("info", "orders"), (active.GetProperty("level").GetString(), active.GetProperty("parts").GetProperty("deployment").GetString()));
            // The live view ended in good order, not cut.
            Assert.Contains("event: open", await live.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        if (drain != "0s")
        {
            await using var host = await FlowHost.OpenAsync(new FlowHostOptions { Connectors = ApiWorld.Connectors, Database = Path.Combine(_folder, "flow.db") }, default);
            Assert.Single(await host.View.Runs.ListAsync(new RunFilter { Workspace = "default" }, default));
        }

        await using var again = ServerProcess.Start(environment, arguments);
        await again.SaysAsync("Serving");
        string runs;
        do runs = await client.GetStringAsync(new Uri("/api/runs?key=d1", UriKind.Relative));
        while (!runs.Contains("\"succeeded\"", StringComparison.Ordinal));
        Assert.Single(org.Simulator.Records("Account", "Id"));
    }

    [Fact]
    public async Task A_collector_hears_traces_figures_and_logs_and_no_token()
    {
        var heard = new System.Collections.Concurrent.ConcurrentQueue<(string Path, string Body, string Credential)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            heard.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray()), context.Request.Headers.Authorization.ToString()));
        });
        await collector.StartAsync();
        await using var org = await SimulatorHost.StartAsync(new SalesforceSimulator(new SimulatorOptions { Rate = 0, DailyApiLimit = 1_000_000 }));
        WriteOrders(org.BaseAddress);
        var port = FreePort.Next();
        var environment = new Dictionary<string, string>
        {
            ["SF_ID"] = SalesforceSimulator.ClientId, ["SF_SECRET"] = SalesforceSimulator.ClientSecret, ["HOOK_TOKEN"] = Token, ["FLOW_SERVER_OTLP"] = collector.Urls.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_EXPORTER_OTLP_HEADERS"] = "authorization=collector-credential", ["OTEL_METRIC_EXPORT_INTERVAL"] = "500", ["OTEL_BSP_SCHEDULE_DELAY"] = "200", ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
        };
        await using var server = ServerProcess.Start(environment, "--workspace", _folder, "--urls", $"http://127.0.0.1:{port}");
        await server.SaysAsync("Serving");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var order = new StringContent("""{ "id": "t1", "name": "Ruiz" }""", Encoding.UTF8, "application/json");
        using var accepted = await client.PostAsync(new Uri($"/hooks/orders/{Token}", UriKind.Relative), order);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        bool Heard(string signal, string word) => heard.Any(h => h.Path == "/v1/" + signal && h.Body.Contains(word, StringComparison.Ordinal));
        while (!(Heard("traces", "step account") && Heard("metrics", "flow.runs") && Heard("logs", "The deployment {Deployment} runs"))) await Task.Delay(50, patience.Token);
        server.Terminate();
        Assert.Equal(0, await server.EndedAsync());
        Assert.All(heard, h => Assert.Equal("collector-credential", h.Credential));
        Assert.DoesNotContain(heard, h => h.Body.Contains(Token, StringComparison.Ordinal) || h.Body.Contains(SalesforceSimulator.ClientSecret, StringComparison.Ordinal) || h.Body.Contains("Ruiz", StringComparison.Ordinal));
    }

    private void WriteOrders(Uri org)
    {
        Write("flows/orders/flow.yaml", Flows.Orders);
        Write("deployments/orders.yaml", Flows.OrdersDeployment);
        Write("connections/org.yaml", $"connector: salesforce\nsettings: {{ baseAddress: '{org.GetLeftPart(UriPartial.Authority)}', allowPrivate: true }}\nsecrets: {{ clientId: {{ env: SF_ID }}, clientSecret: {{ env: SF_SECRET }} }}\n");
    }

    private static async Task<(HttpStatusCode Status, string Text)> SendAsync(X509Certificate2 expected, string address)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, seen, _, _) => seen?.GetCertHashString() == expected.GetCertHashString() } };
        using var client = new HttpClient(handler);
        using var answer = await client.GetAsync(new Uri(address));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}

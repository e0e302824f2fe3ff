using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Hosting;
using WorkflowEngine.Salesforce;
using WorkflowEngine.ServiceTitan;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Api.Tests;

/// <summary>A real server over real simulators, with a workspace folder and a database on disk.</summary>
internal sealed class ApiWorld : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RunningSimulator<SalesforceSimulator> _salesforce;
    private readonly RunningSimulator<ServiceTitanSimulator> _serviceTitan;
    private readonly string _folder;
    private WebApplication? _app;
    private string? _database;
    private string? _key;
    private ILoggerFactory _logs = NullLoggerFactory.Instance;
    private Func<FlowHostOptions, FlowHostOptions> _host = static host => host;

    private ApiWorld(RunningSimulator<SalesforceSimulator> salesforce, RunningSimulator<ServiceTitanSimulator> serviceTitan, string folder)
    {
        (_salesforce, _serviceTitan, _folder) = (salesforce, serviceTitan, folder);
        Environment = new Dictionary<string, string>
        {
            ["ST_SECRET"] = ServiceTitanSimulator.ClientSecret, ["ST_APP_KEY"] = ServiceTitanSimulator.AppKey, ["SF_ID"] = SalesforceSimulator.ClientId,
            ["SF_SECRET"] = SalesforceSimulator.ClientSecret, ["HOOK_TOKEN"] = "hook-token-of-the-tests",
        };
    }

    public static IReadOnlyList<IConnector> Connectors { get; } = [new ServiceTitanConnector(), new SalesforceConnector()];

    public Dictionary<string, string> Environment { get; }

    public FlowHost Host { get; private set; } = null!;

    public WorkspaceRunner Runner { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public SalesforceSimulator Salesforce => _salesforce.Simulator;

    public ServiceTitanSimulator ServiceTitan => _serviceTitan.Simulator;

    public Uri SalesforceAddress => _salesforce.BaseAddress;

    public Uri ServiceTitanAddress => _serviceTitan.BaseAddress;

    public string Folder => Path.Combine(_folder, "workspace");

    public string Database => _database ?? Path.Combine(_folder, "data", "flow.db");

    public Uri Address => new(_app!.Urls.First());

    /// <summary>A server that runs.</summary>
    /// <param name="files">Files of the workspace, by path.</param>
    /// <param name="options">Changes how the server is set up.</param>
    /// <param name="environment">Changes what the files name as environment variables.</param>
    /// <param name="logs">Where the host logs to.</param>
    /// <param name="prepare">Sets up the simulators before the engine looks at them.</param>
    /// <param name="database">Another database than a file of the folder.</param>
    /// <param name="key">Where its master key is.</param>
    /// <param name="host">Changes how the host is set up, also when it is opened again.</param>
    public static async Task<ApiWorld> StartAsync(
        IReadOnlyDictionary<string, string>? files = null, Func<ApiServerOptions, ApiServerOptions>? options = null, Action<Dictionary<string, string>>? environment = null, ILoggerFactory? logs = null,
        Action<ApiWorld>? prepare = null, string? database = null, string? key = null, Func<FlowHostOptions, FlowHostOptions>? host = null)
    {
        var simulators = new SimulatorOptions { Rate = 0, FeedRepeatWindow = TimeSpan.FromSeconds(1), DailyApiLimit = 10_000_000 };
        var world = new ApiWorld(
            await SimulatorHost.StartAsync(new SalesforceSimulator(simulators)), await SimulatorHost.StartAsync(new ServiceTitanSimulator(simulators)),
            Directory.CreateTempSubdirectory("flow-api-").FullName);
        environment?.Invoke(world.Environment);
        (world._database, world._key) = (database, key);
        world._logs = logs ?? NullLoggerFactory.Instance;
        if (host is not null) world._host = host;
        world.WriteConnections();
        foreach (var (path, text) in files ?? new Dictionary<string, string> { ["flows/orders/flow.yaml"] = Flows.Orders, ["deployments/orders.yaml"] = Flows.OrdersDeployment }) world.Write(path, text);
        prepare?.Invoke(world);
        await world.OpenAsync(options);
        return world;
    }

    /// <summary>Opens host and server over what lies in the folder.</summary>
    /// <param name="options">Changes how the server is set up.</param>
    /// <param name="clean">Nothing may be wrong with it.</param>
    public async Task OpenAsync(Func<ApiServerOptions, ApiServerOptions>? options = null, bool clean = true)
    {
        Host = await FlowHost.OpenAsync(_host(new FlowHostOptions { Connectors = Connectors, Database = Database, KeyFile = _key, Environment = Variable, Logs = _logs }), default);
        Runner = new WorkspaceRunner(Host, Folder, Connectors, Variable, NullLogger<WorkspaceRunner>.Instance);
        Assert.True(await Runner.TakeAsync(default), string.Join("\n", Runner.Findings));
        if (clean) Assert.Empty(Runner.Problems);
        var plain = new ApiServerOptions { Urls = "http://127.0.0.1:0", Logs = NullLoggerFactory.Instance, Schema = "{}", AllowPrivate = true };
        _app = await ApiServer.StartAsync(Host, Runner, options?.Invoke(plain) ?? plain, default);
        await Host.StartAsync(default);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, Expect100ContinueTimeout = Patience }) { BaseAddress = Address, Timeout = Patience };
    }

    public async Task CloseAsync()
    {
        Client.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
            _app = null;
        }

        await Host.DisposeAsync();
    }

    public void Write(string path, string text)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>An answer that must be good.</summary>
    public async Task<JsonElement> GetAsync(string path) => await GoodAsync(await Client.GetAsync(new Uri(path, UriKind.Relative)));

    public async Task<JsonElement> PostAsync(string path, object body) => await GoodAsync(await Client.PostAsJsonAsync(path, body));

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers) => SendAsync(Client, method, path, body, headers);

    public static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is string text) request.Content = new StringContent(text, Encoding.UTF8, "application/json");
        else if (body is not null) request.Content = JsonContent.Create(body);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request);
    }

    public Task<HttpResponseMessage> HookAsync(string body) => SendAsync(HttpMethod.Post, $"/hooks/orders/{Environment["HOOK_TOKEN"]}", body);

    /// <summary>The problem document of an answer that must be a refusal.</summary>
    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
        Assert.Equal(answer.Headers.GetValues("X-Request-Id").Single(), problem.GetProperty("requestId").GetString());
        answer.Dispose();
        return problem;
    }

    public static async Task<JsonElement> GoodAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
            return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
        }
    }

    /// <summary>Waits until the rows of a list fit.</summary>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> fits)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var rows = (await GetAsync(path)).GetProperty("data");
            if (fits(rows)) return rows;
            Assert.True(waited.Elapsed < Patience, $"{path} did not come to fit: {rows}");
            await Task.Delay(30);
        }
    }

    /// <summary>A run with its explanation, which is written after its row.</summary>
    public async Task<JsonElement> ExplainedAsync(string run)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var detail = await GetAsync("/api/runs/" + run);
            if (detail.GetProperty("steps").ValueKind != JsonValueKind.Null) return detail;
            Assert.True(waited.Elapsed < Patience, $"The run {run} was not explained.");
            await Task.Delay(30);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _salesforce.DisposeAsync();
        await _serviceTitan.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string? Variable(string name) => Environment.GetValueOrDefault(name);

    private void WriteConnections()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "flows"));
        Write("connections/org.yaml", $$"""
            connector: salesforce
            settings: { baseAddress: '{{SalesforceAddress.GetLeftPart(UriPartial.Authority)}}', allowPrivate: true }
            secrets: { clientId: { env: SF_ID }, clientSecret: { env: SF_SECRET } }
            """);
        Write("connections/tenant.yaml", $$"""
            connector: servicetitan
            settings: { tenant: '1234567890', baseAddress: '{{ServiceTitanAddress.GetLeftPart(UriPartial.Authority)}}', clientId: {{ServiceTitanSimulator.ClientId}}, allowPrivate: true, ratePerSecond: 10000, feedPause: 0.1 }
            secrets: { clientSecret: { env: ST_SECRET }, appKey: { env: ST_APP_KEY } }
            """);
    }
}

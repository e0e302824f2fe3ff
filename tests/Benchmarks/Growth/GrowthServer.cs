using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Api;
using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Benchmarks.Growth;

/// <summary>The server over a database that stands there: what <c>flow serve</c> runs, in this process, with one connection to the simulated org and as many deployments as wanted.</summary>
internal sealed class GrowthServer : IAsyncDisposable
{
    private const string Flow = """
        flow: grown
        input: { id: text, name: text }
        trigger:
          webhook: calls
          with: =trigger
        key: =input.id
        connections: { salesforce: salesforce }
        steps:
          - { id: said, map: { name: =text.oneLine(input.name), short: '=text.truncate(said.name, 10)' } }
        """;

    private readonly FlowHost _host;
    private readonly WebApplication _server;

    private GrowthServer(FlowHost host, WebApplication server, HttpClient client, TimeSpan startUp) => (_host, _server, Client, StartUp) = (host, server, client, startUp);

    public HttpClient Client { get; }

    /// <summary>From nothing to the first answer.</summary>
    public TimeSpan StartUp { get; }

    public static async Task<GrowthServer> StartAsync(string database, int deployments)
    {
        var org = new SalesforceSimulator(new SimulatorOptions());
        IReadOnlyList<IConnector> connectors = [new SalesforceConnector(() => new SimulatorTransport(org))];
        var load = Load(connectors, deployments);
        var watch = Stopwatch.StartNew();
        var host = await FlowHost.OpenAsync(new FlowHostOptions { Connectors = connectors, Database = database, MasterKey = new byte[32], Environment = static _ => null }, default);
        var runner = new WorkspaceRunner(host, null, connectors, static _ => null, NullLogger<WorkspaceRunner>.Instance);
        var problems = await host.TakeAsync(load, default);
        if (problems.Count > 0) throw new InvalidOperationException(string.Join(" ", problems.Take(3)));
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var server = await ApiServer.StartAsync(host, runner, new ApiServerOptions { Urls = address.GetLeftPart(UriPartial.Authority), Logs = NullLoggerFactory.Instance }, default);
        await host.StartAsync(default);
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        (await client.GetAsync("/health/live")).EnsureSuccessStatusCode();
        return new GrowthServer(host, server, client, watch.Elapsed);
    }

    /// <summary>The median milliseconds of a call, after one that is not counted.</summary>
    public async Task<double> MedianAsync(string path, int calls)
    {
        var times = new List<double>(calls);
        for (var i = 0; i <= calls; i++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await Client.GetAsync(path);
            await answer.Content.ReadAsByteArrayAsync();
            answer.EnsureSuccessStatusCode();
            if (i > 0) times.Add(watch.Elapsed.TotalMilliseconds);
        }

        return Figures.Median(times);
    }

    /// <summary>The milliseconds from an inbound call until its run had ended, one after another, spread over the deployments.</summary>
    public async Task<IReadOnlyList<double>> RunsAsync(int calls, int deployments)
    {
        var times = new List<double>(calls);
        for (var i = 0; i < calls; i++)
        {
            var name = Name(i * 7919 % deployments);
            var settled = _host.Runtime.Counters.Settled;
            var watch = Stopwatch.StartNew();
            var answer = await _host.AcceptHookAsync(name, "token", System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{i}}-{{Guid.NewGuid():N}}","name":"Any Name"}""")), default);
            if (answer.EventId is null) throw new InvalidOperationException(answer.Problem ?? "The call was not taken.");
            await _host.Runtime.WaitIdleAsync(default);
            if (_host.Runtime.Counters.Settled != settled + 1) throw new InvalidOperationException("The run did not end.");
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        return times;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
        await _host.DisposeAsync();
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"grown-{number}");

    private static WorkspaceLoad Load(IReadOnlyList<IConnector> connectors, int deployments)
    {
        var bundle = FlowBundle.Compile([new SourceText("flows/grown/flow.yaml", Flow)], [.. connectors.Select(c => c.Descriptor)]);
        var found = new List<Diagnostic>(bundle.Diagnostics);
        var planned = new List<PlannedDeployment>(deployments);
        var names = new Dictionary<string, string> { ["salesforce"] = "salesforce" };
        for (var i = 0; i < deployments; i++)
        {
            var text = $"deployment: {Name(i)}\ntemplate: grown\nconnections: {{ salesforce: salesforce }}\nhookToken: {{ env: TOKEN }}\n";
            planned.AddRange(DeploymentBinder.Bind(DeploymentParser.Parse(new SourceText(Name(i) + ".yaml", text)).Value!, bundle, names, static _ => "token", found));
        }

        if (found.Exists(d => d.IsError)) throw new InvalidOperationException(string.Join("\n", found.Where(d => d.IsError).Select(DiagnosticRenderer.Render)));
        return new WorkspaceLoad
        {
            Connections =
            [
                new ConnectionSettings
                {
                    Name = "salesforce", Connector = "salesforce", Settings = new Dictionary<string, string> { ["baseAddress"] = "http://salesforce.invalid/", ["allowPrivate"] = "true" },
                    Secrets = new Dictionary<string, string> { ["clientId"] = SalesforceSimulator.ClientId, ["clientSecret"] = SalesforceSimulator.ClientSecret },
                },
            ],
            Deployments = planned, Flows = bundle, Diagnostics = [],
        };
    }
}

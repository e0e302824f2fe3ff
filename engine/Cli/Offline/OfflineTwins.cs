using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.Seeds;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Cli;

/// <summary>Both vendors' twins in this process, and a workspace folder whose connections point at them.</summary>
internal sealed class OfflineTwins : IAsyncDisposable
{
    private readonly RunningSimulator<ServiceTitanSimulator> _serviceTitan;
    private readonly RunningSimulator<SalesforceSimulator> _salesforce;

    private OfflineTwins(RunningSimulator<ServiceTitanSimulator> serviceTitan, RunningSimulator<SalesforceSimulator> salesforce, string folder) =>
        (_serviceTitan, _salesforce, Folder) = (serviceTitan, salesforce, folder);

    /// <summary>The workspace folder; gone when this is disposed.</summary>
    public string Folder { get; }

    public ServiceTitanSimulator ServiceTitan => _serviceTitan.Simulator;

    public SalesforceSimulator Salesforce => _salesforce.Simulator;

    public Uri ServiceTitanAddress => _serviceTitan.BaseAddress;

    public Uri SalesforceAddress => _salesforce.BaseAddress;

    /// <summary>Starts both.</summary>
    /// <param name="ports">The ports; 0 takes free ones.</param>
    /// <param name="seed">Decides everything random.</param>
    /// <param name="latencyMs">Milliseconds before each answer.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <param name="time">Their time; null = the system's.</param>
    /// <param name="personAccounts">The org is one with person accounts.</param>
    /// <param name="dailyCalls">The org's calls of 24 hours.</param>
    /// <exception cref="UnusableException">A port is in use.</exception>
    public static async Task<OfflineTwins> StartAsync((int ServiceTitan, int Salesforce) ports, int seed, int latencyMs, CancellationToken cancellationToken, TimeProvider? time = null, bool personAccounts = false, int dailyCalls = 100_000)
    {
        RunningSimulator<ServiceTitanSimulator>? serviceTitan = null;
        try
        {
            serviceTitan = await SimulatorHost.StartAsync(
                new ServiceTitanSimulator(new SimulatorOptions { Port = ports.ServiceTitan, Seed = seed, LatencyMs = latencyMs, Rate = 0, TimeProvider = time ?? TimeProvider.System }), cancellationToken).ConfigureAwait(false);
            var salesforce = await SimulatorHost.StartAsync(
                new SalesforceSimulator(new SimulatorOptions { Port = ports.Salesforce, Seed = seed, LatencyMs = latencyMs, TimeProvider = time ?? TimeProvider.System, PersonAccounts = personAccounts, DailyApiLimit = dailyCalls }), cancellationToken).ConfigureAwait(false);
            var folder = Directory.CreateTempSubdirectory("flow-").FullName;
            Directory.CreateDirectory(Path.Combine(folder, "connections"));
            Directory.CreateDirectory(Path.Combine(folder, "deployments"));
            Directory.CreateDirectory(Path.Combine(folder, "flows"));
            File.WriteAllText(Path.Combine(folder, "connections", "servicetitan.yaml"), $$"""
                connector: servicetitan
                settings:
                  tenant: "{{ServiceTitanSimulator.Tenant}}"
                  baseAddress: {{serviceTitan.BaseAddress}}
                  clientId: {{ServiceTitanSimulator.ClientId}}
                  applicationGuid: {{DemoScenario.ApplicationGuid}}
                  ratePerSecond: 10000
                  feedPause: 1
                  allowPrivate: true
                secrets:
                  appKey: { env: DEMO_SERVICETITAN_APP_KEY }
                  clientSecret: { env: DEMO_SERVICETITAN_CLIENT_SECRET }
                """);
            File.WriteAllText(Path.Combine(folder, "connections", "salesforce.yaml"), $$"""
                connector: salesforce
                settings:
                  baseAddress: {{salesforce.BaseAddress}}
                  allowPrivate: true
                secrets:
                  clientId: { env: DEMO_SALESFORCE_CLIENT_ID }
                  clientSecret: { env: DEMO_SALESFORCE_CLIENT_SECRET }
                """);
            return new OfflineTwins(serviceTitan, salesforce, folder);
        }
        catch (IOException e)
        {
            if (serviceTitan is not null) await serviceTitan.DisposeAsync().ConfigureAwait(false);
            throw new UnusableException($"A port of the simulators ({ports.ServiceTitan}, {ports.Salesforce}) cannot be used: {e.Message.TrimEnd('.')}. Stop what uses it.");
        }
    }

    /// <summary>The names of the demo clients' credentials.</summary>
    public static IReadOnlyList<string> Variables { get; } = ["DEMO_SERVICETITAN_APP_KEY", "DEMO_SERVICETITAN_CLIENT_SECRET", "DEMO_SALESFORCE_CLIENT_ID", "DEMO_SALESFORCE_CLIENT_SECRET"];

    /// <summary>The demo clients' credentials under the names the connection files use; everything else comes from the process.</summary>
    public static string? Variable(string name) => name switch
    {
        "DEMO_SERVICETITAN_APP_KEY" => ServiceTitanSimulator.AppKey,
        "DEMO_SERVICETITAN_CLIENT_SECRET" => ServiceTitanSimulator.ClientSecret,
        "DEMO_SALESFORCE_CLIENT_ID" => SalesforceSimulator.ClientId,
        "DEMO_SALESFORCE_CLIENT_SECRET" => SalesforceSimulator.ClientSecret,
        _ => Environment.GetEnvironmentVariable(name),
    };

    /// <summary>Copies a template's files into the workspace.</summary>
    public void CopyTemplate(string from, string name)
    {
        var to = Path.Combine(Folder, "flows", name);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    /// <summary>Writes a deployment file.</summary>
    public void Deploy(string name, string yaml) => File.WriteAllText(Path.Combine(Folder, "deployments", name + ".yaml"), yaml);

    public async ValueTask DisposeAsync()
    {
        await _serviceTitan.DisposeAsync().ConfigureAwait(false);
        await _salesforce.DisposeAsync().ConfigureAwait(false);
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // A temporary folder that cannot be removed harms nobody.
        }
    }
}

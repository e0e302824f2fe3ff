using System.Globalization;
using WorkflowEngine.Cli;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.FlowTesting;
using WorkflowEngine.Hosting;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.Seeds;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.EndToEnd.Tests.Crashes;

/// <summary>The demonstration's company with all six templates deployed: both systems in this process over HTTP, a workspace folder, and a time of both that can jump. The engine is a process of its own.</summary>
internal sealed class Company : IAsyncDisposable
{
    /// <summary>Nine in the morning where the company is, so that no run of it crosses a day unless it is to.</summary>
    private const int MorningUtc = 16;

    private readonly SkipClock _clock;
    private readonly RunningSimulator<ServiceTitanSimulator> _serviceTitan;
    private readonly RunningSimulator<SalesforceSimulator> _salesforce;
    private TimeSpan _ahead;

    private Company(SkipClock clock, RunningSimulator<ServiceTitanSimulator> serviceTitan, RunningSimulator<SalesforceSimulator> salesforce, int customers)
    {
        (_clock, _serviceTitan, _salesforce, Folder) = (clock, serviceTitan, salesforce, new WorkspaceFolder());
        ClockFile = Path.Combine(Path.GetDirectoryName(Folder.Path)!, "ahead");
        Skip(clock.GetUtcNow().UtcDateTime.Date.AddDays(1).AddHours(MorningUtc) - clock.GetUtcNow().UtcDateTime);
        Scenario = DemoScenario.Build(customers, seed: 5);
        Work = new DemoWork(Scenario, ServiceTitan, Salesforce, seed: 5);
    }

    public WorkspaceFolder Folder { get; }

    public string ClockFile { get; }

    public DemoScenario Scenario { get; }

    public DemoWork Work { get; }

    public DateTimeOffset Now => _clock.GetUtcNow();

    public ServiceTitanSimulator ServiceTitan => _serviceTitan.Simulator;

    public SalesforceSimulator Salesforce => _salesforce.Simulator;

    public Uri ServiceTitanAddress => _serviceTitan.BaseAddress;

    public Uri SalesforceAddress => _salesforce.BaseAddress;

    /// <summary>What moves when work is done: calls to Salesforce and rows written in ServiceTitan.</summary>
    public long Moves => Salesforce.Statistics.Total + ServiceTitan.Statistics.Rows.Values.Sum(r => (long)r);

    /// <summary>How often the feed of customers was read since then.</summary>
    public int FeedReadSince(DateTimeOffset time) => ServiceTitan.Statistics.Recent.Count(c => c.At > time && c.Status == 200 && c.Path.EndsWith("export/customers", StringComparison.Ordinal));

    /// <param name="customers">How many.</param>
    /// <param name="late">How long ServiceTitan and Salesforce do not show a new record.</param>
    public static async Task<Company> StartAsync(int customers, (TimeSpan ServiceTitan, TimeSpan Salesforce) late)
    {
        var clock = new SkipClock();
        var options = new SimulatorOptions { TimeProvider = clock, Rate = 0, FeedRepeatWindow = TimeSpan.FromSeconds(1), DailyApiLimit = 10_000_000 };
        var company = new Company(
            clock, await SimulatorHost.StartAsync(new ServiceTitanSimulator(options with { LateVisibility = late.ServiceTitan })),
            await SimulatorHost.StartAsync(new SalesforceSimulator(options with { LateVisibility = late.Salesforce })), customers);
        company.SetUp();
        return company;
    }

    /// <summary>The time of both systems and of the process jumps.</summary>
    public void Skip(TimeSpan by)
    {
        _ahead += by;
        // The process sees the new number whole or the old one.
        var next = ClockFile + ".next";
        File.WriteAllText(next, _ahead.Ticks.ToString(CultureInfo.InvariantCulture));
        File.Move(next, ClockFile, overwrite: true);
        _clock.Skip(by);
    }

    public async ValueTask DisposeAsync()
    {
        await _serviceTitan.DisposeAsync();
        await _salesforce.DisposeAsync();
        Folder.Dispose();
    }

    private void SetUp()
    {
        var flows = Path.Combine(WorkspaceFolder.Repository(), "flows");
        foreach (var (name, template, yaml) in DemoDeployments.Of(Work, Work.Seller))
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(flows, template), "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".yaml" or ".csv"))
            {
                Folder.Write(Path.Combine("flows", Path.GetRelativePath(flows, file)), File.ReadAllText(file));
            }

            Folder.Write($"deployments/{name}.yaml", DemoDeployments.File(name, template, yaml));
            foreach (var flow in FlowBundle.Compile(FlowPaths.Read([Path.Combine(flows, template)]), Installed.Catalog).Flows) OrgFields.Apply(Salesforce, flow.Definition);
        }

        Folder.Write("connections/servicetitan.yaml", $$"""
            connector: servicetitan
            settings:
              tenant: '{{ServiceTitanSimulator.Tenant}}'
              baseAddress: {{ServiceTitanAddress}}
              clientId: {{ServiceTitanSimulator.ClientId}}
              applicationGuid: {{DemoScenario.ApplicationGuid}}
              ratePerSecond: 10000
              feedPause: 0.2
              allowPrivate: true
            secrets: { clientSecret: { env: E2E_ST_SECRET }, appKey: { env: E2E_ST_APP_KEY } }
            """);
        Folder.Write("connections/salesforce.yaml", $$"""
            connector: salesforce
            settings: { baseAddress: '{{SalesforceAddress}}', allowPrivate: true }
            secrets: { clientId: { env: E2E_SF_ID }, clientSecret: { env: E2E_SF_SECRET } }
            """);
        Scenario.Prepare(Salesforce);
        Work.Prospect();
    }
}

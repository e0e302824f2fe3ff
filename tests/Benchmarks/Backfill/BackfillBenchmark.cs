using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;
using WorkflowEngine.Salesforce;
using WorkflowEngine.ServiceTitan;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.Seeds;
using WorkflowEngine.Simulators.ServiceTitan;
using WorkflowEngine.Simulators.Time;

namespace WorkflowEngine.Benchmarks.Backfill;

/// <summary>
/// All customers of a tenant handed in by a backfill of the template, in real time, against both simulators over HTTP: how long it takes beside what the budgets alone would take.
/// <c>--customers N</c> (default 100,000), <c>--per-second N</c> calls a second of the tenant (default 60, the vendor's own), <c>--per-day N</c> calls a day of the org (default 100,000). SQLite, durable, in this process.
/// </summary>
internal static class BackfillBenchmark
{
    private const string Template = "customer-to-salesforce";
    private const int Seed = 7;

    /// <summary>How much longer than the budgets' own time it may take.</summary>
    private const double Most = 1.2;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tell = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] args)
    {
        var customers = Arguments.Number(args, "--customers", 100_000);
        var perSecond = Arguments.Number(args, "--per-second", 60);
        var perDay = Arguments.Number(args, "--per-day", 100_000);
        var root = Directory.CreateTempSubdirectory("backfill-").FullName;
        try
        {
            // An hour goes by after all customers stand there, so that none is taken for news.
            var clock = new SkipClock(TimeSpan.FromHours(-1));
            await using var serviceTitan = await SimulatorHost.StartAsync(new ServiceTitanSimulator(new SimulatorOptions { Rate = perSecond, TimeProvider = clock }));
            await using var salesforce = await SimulatorHost.StartAsync(new SalesforceSimulator(new SimulatorOptions { DailyApiLimit = perDay, TimeProvider = clock }));
            DemoScenario.Build(0, 1).Prepare(salesforce.Simulator);
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{customers:N0} customers are entered …"));
            CompanySeed.Fill(serviceTitan.Simulator, customers, Seed, books: false);
            clock.Skip(TimeSpan.FromHours(1));
            var workspace = Workspace(root, serviceTitan.BaseAddress, salesforce.BaseAddress, perSecond, perDay);
            IReadOnlyList<IConnector> connectors = [new ServiceTitanConnector(), new SalesforceConnector()];
            await using var host = await FlowHost.OpenAsync(new FlowHostOptions { Connectors = connectors, Database = Path.Combine(root, "flow.db"), MasterKey = new byte[32], Environment = Variable }, default);
            var runner = new WorkspaceRunner(host, workspace, connectors, Variable, NullLogger<WorkspaceRunner>.Instance);
            if (!await runner.TakeAsync(default) || runner.Problems.Count > 0) throw new InvalidOperationException(string.Join(" ", [.. runner.Findings.Select(f => f.ToString()), .. runner.Problems]));
            await host.StartAsync(default);
            var active = host.Runtime.Registry.All.Single();
            var begun = await host.Runtime.Backfills.BeginAsync(active, new BackfillOrder(), "the benchmark", default);
            if (begun.Backfill is not { } backfill) throw new InvalidOperationException(begun.Problem);
            var watch = Stopwatch.StartNew();
            var progress = await EndAsync(host, backfill.Id, watch);
            var took = watch.Elapsed;
            var letters = (await host.View.DeadLetters.ListAsync(new DeadLetterFilter { Workspace = "default", Limit = 5 }, default)).Count;
            var own = Show(host.Budgets.Of(active.Connections.Values.Select(c => c.Realm)), perSecond, progress, took, letters);
            return letters == 0 && progress.Backfill.State == BackfillState.Done && took <= own * Most ? 0 : 1;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<BackfillProgress> EndAsync(FlowHost host, string id, Stopwatch watch)
    {
        for (var told = TimeSpan.Zero; ;)
        {
            await Task.Delay(Look);
            var progress = (await host.Runtime.Backfills.FindAsync("default", id, default))!;
            if (!progress.Backfill.IsOpen) return progress;
            if (watch.Elapsed - told < Tell) continue;
            told = watch.Elapsed;
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed:hh\\:mm\\:ss}: {progress.Backfill.Accepted:N0} accepted, {progress.Waiting:N0} waiting, done by {progress.Eta:HH:mm:ss}"));
        }
    }

    /// <summary>A line for each realm.</summary>
    /// <returns>The longest of the realms' own times: the calls it got, at the pace its budget gives a backfill.</returns>
    private static TimeSpan Show(IReadOnlyList<BudgetView> budgets, int perSecond, BackfillProgress progress, TimeSpan took, int letters)
    {
        var own = TimeSpan.Zero;
        Console.WriteLine("\n| realm | calls of the backfill | calls an hour it may take | the budget's own time |\n|---|---:|---:|---:|");
        foreach (var budget in budgets)
        {
            // A backfill leaves a fifth of each second to live work.
            var hour = Math.Min((budget.PerSecond ?? perSecond) * 3600 * 0.8, budget.BackfillPerHour ?? double.MaxValue);
            var time = TimeSpan.FromHours(budget.Backfill / hour);
            if (time > own) own = time;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {budget.Realm.Split(':')[0]} | {budget.Backfill:N0} | {hour:N0} | {time:hh\\:mm\\:ss} |"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"\n{progress.Backfill.Accepted:N0} customers in {took:hh\\:mm\\:ss}: {took / own:0.00} of the budget's own time (at most {Most:0.0}); {letters} dead letters; {progress.Backfill.State}."));
        return own;
    }

    private static string? Variable(string name) => name switch
    {
        "ST_APP_KEY" => ServiceTitanSimulator.AppKey,
        "ST_SECRET" => ServiceTitanSimulator.ClientSecret,
        "SF_ID" => SalesforceSimulator.ClientId,
        "SF_SECRET" => SalesforceSimulator.ClientSecret,
        _ => null,
    };

    private static string Workspace(string root, Uri serviceTitan, Uri salesforce, int perSecond, int perDay)
    {
        var folder = Path.Combine(root, "workspace");
        var flow = Path.Combine(folder, "flows", Template);
        foreach (var path in new[] { flow, Path.Combine(folder, "connections"), Path.Combine(folder, "deployments") }) Directory.CreateDirectory(path);
        File.Copy(Path.Combine(Repository.Folder, "flows", Template, "flow.yaml"), Path.Combine(flow, "flow.yaml"));
        File.WriteAllText(Path.Combine(folder, "connections", "tenant.yaml"), $$"""
            connector: servicetitan
            settings:
              tenant: '{{ServiceTitanSimulator.Tenant}}'
              baseAddress: {{serviceTitan.GetLeftPart(UriPartial.Authority)}}
              clientId: {{ServiceTitanSimulator.ClientId}}
              ratePerSecond: {{perSecond}}
              allowPrivate: true
            secrets: { clientSecret: { env: ST_SECRET }, appKey: { env: ST_APP_KEY } }
            """);
        File.WriteAllText(Path.Combine(folder, "connections", "org.yaml"), $$"""
            connector: salesforce
            settings: { baseAddress: '{{salesforce.GetLeftPart(UriPartial.Authority)}}', callsPerDay: {{perDay}}, allowPrivate: true }
            secrets: { clientId: { env: SF_ID }, clientSecret: { env: SF_SECRET } }
            """);
        // Deployed now, without "since": its own polling takes nothing that stands there.
        File.WriteAllText(Path.Combine(folder, "deployments", "customers.yaml"), $"deployment: customers\ntemplate: {Template}\nconnections: {{ servicetitan: tenant, salesforce: org }}\n");
        return folder;
    }
}

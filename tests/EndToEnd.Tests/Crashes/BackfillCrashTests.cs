using System.Globalization;
using System.Text.Json;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.EndToEnd.Tests.Crashes;

/// <summary>The real process killed (SIGKILL) in the middle of a backfill and started again: it goes on where it stood.</summary>
[Collection(Volume.AloneCollection.Name)]
public sealed class BackfillCrashTests
{
    private const string Key = "ServiceTitan_Customer_Id__c";

    private const string Customers = """
        flow: customers
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        requires:
          salesforce:
            Account: { ServiceTitan_Customer_Id__c: { type: text, length: 20, externalId: true, unique: true } }
        trigger: { on: servicetitan/customer.changed, every: 24h }
        steps:
          - upsert: salesforce/Account
            match: [ [ServiceTitan_Customer_Id__c] ]
            set: { ServiceTitan_Customer_Id__c: =input.id, Name: =input.name }
            options: { duplicates: accept }
        """;

    private const string Leads = """
        flow: leads
        connections: { salesforce: salesforce }
        requires:
          salesforce:
            Account: { ServiceTitan_Customer_Id__c: { type: text, length: 20, externalId: true, unique: true } }
        trigger: { on: salesforce/Lead.changed, every: 24h }
        steps:
          - upsert: salesforce/Account
            match: [ [ServiceTitan_Customer_Id__c] ]
            set: { ServiceTitan_Customer_Id__c: =input.Id, Name: =input.Company }
            options: { duplicates: accept }
        """;

    [Fact]
    public async Task By_list_it_goes_on_behind_the_ids_it_took_and_does_none_twice_and_leaves_none_out()
    {
        // No more than 5,000 wait: it is killed while the others are still to be taken.
        const int Ids = 6_000;
        using var folder = new WorkspaceFolder();
        var clock = new AheadClock(folder);
        await using var vendors = await StartAsync(folder, clock, "customers", Customers, "servicetitan: tenant, salesforce: org", made =>
        {
            for (var i = 0; i < Ids; i++) made.ServiceTitan.AddCustomer(new CustomerSeed { Id = 100_000 + i, Name = string.Create(CultureInfo.InvariantCulture, $"Customer {i}"), Active = true });
        });
        var orders = new Orders(vendors, clock);
        var ids = Enumerable.Range(100_000, Ids).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToList();
        // Nobody can read a customer yet.
        var fault = vendors.ServiceTitan.Faults.Add(new FaultRule { Kind = FaultKind.Unavailable, Path = "*/customers" });
        await KilledAsync(folder, clock, orders, "customers", new { records = ids }, state => state.GetProperty("read").GetInt32() == 5_000);
        vendors.ServiceTitan.Faults.Remove(fault);
        await EndsAsync(folder, clock, orders, vendors, "customers", ids, 5_000);
    }

    [Fact]
    public async Task By_a_job_of_the_bulk_api_it_goes_on_in_that_job_and_does_none_twice_and_leaves_none_out()
    {
        const int Records = 10_400;
        using var folder = new WorkspaceFolder();
        var clock = new AheadClock(folder);
        var ids = new List<string>();
        await using var vendors = await StartAsync(folder, clock, "leads", Leads, "salesforce: org", made =>
        {
            for (var i = 0; i < Records; i++) ids.Add(made.Salesforce.AddRecord("Lead", new Dictionary<string, object?> { ["LastName"] = "Ruiz", ["Company"] = string.Create(CultureInfo.InvariantCulture, $"Company {i}") }));
        });
        var orders = new Orders(vendors, clock);
        // The third page of the job's answers does not come.
        var fault = vendors.Salesforce.Faults.Add(new FaultRule { Kind = FaultKind.TimeoutBefore, Path = "*/jobs/query/*/results", Nth = 3, Count = 1_000, DelayMs = 600_000 });
        await KilledAsync(folder, clock, orders, "leads", new { by = "query" }, state => state.GetProperty("read").GetInt32() == 4_000);
        vendors.Salesforce.Faults.Remove(fault);
        await EndsAsync(folder, clock, orders, vendors, "leads", ids, 4_000);
        Assert.Equal(1, vendors.Salesforce.Statistics.Calls["bulk.query"]);
    }

    private static async Task<Vendors> StartAsync(WorkspaceFolder folder, AheadClock clock, string name, string flow, string connections, Action<Vendors> fill)
    {
        var vendors = await Vendors.StartAsync(clock.Time);
        Fields.Prepare(vendors);
        fill(vendors);
        // They were there long before the deployment: its own polling does not see them.
        clock.Skip(TimeSpan.FromHours(1));
        folder.WriteConnections(vendors);
        folder.Write($"flows/{name}/flow.yaml", flow);
        folder.Write($"deployments/{name}.yaml", $"deployment: {name}\ntemplate: {name}\nconnections: {{ {connections} }}\n");
        return vendors;
    }

    /// <summary>Begins it, and kills the process when it stands where it shall.</summary>
    private static async Task KilledAsync(WorkspaceFolder folder, AheadClock clock, Orders orders, string name, object body, Func<JsonElement, bool> stands)
    {
        await using var process = FlowProcess.StartBehind(folder, clock.File);
        await orders.ServingAsync(process);
        await process.TellAsync(HttpMethod.Post, $"/api/deployments/{name}/backfills", body);
        await orders.UntilAsync(process, async () => await StateAsync(process, name) is { } state && stands(state), "it stands in the middle");
        Assert.Equal("reading", (await StateAsync(process, name))!.Value.GetProperty("state").GetString());
        process.Signal("KILL");
        await process.EndedAsync();
        Assert.True(process.WasKilled, process.Output);
    }

    private static async Task EndsAsync(WorkspaceFolder folder, AheadClock clock, Orders orders, Vendors vendors, string name, IReadOnlyList<string> ids, int before)
    {
        await using var process = FlowProcess.StartBehind(folder, clock.File);
        await orders.ServingAsync(process);
        Assert.True((await StateAsync(process, name))!.Value.GetProperty("read").GetInt32() >= before);
        await orders.UntilAsync(process, async () => await StateAsync(process, name) is { } state && state.GetProperty("state").GetString() == "done", "it is done");
        var done = (await StateAsync(process, name))!.Value;
        Assert.Equal((ids.Count, ids.Count), (done.GetProperty("read").GetInt32(), done.GetProperty("accepted").GetInt32()));
        Assert.Equal(0, await process.DeadLettersAsync());
        Assert.Equal(ids.Order(StringComparer.Ordinal), (await Orders.KeysAsync(process)).Order(StringComparer.Ordinal));
        Assert.Equal(ids.Order(StringComparer.Ordinal), vendors.Salesforce.Records("Account", [Key]).Select(a => a[Key]!).Order(StringComparer.Ordinal));
        Assert.Equal(ids.Count, vendors.Created("Account"));
    }

    private static async Task<JsonElement?> StateAsync(FlowProcess process, string name) => await process.AskAsync($"/api/deployments/{name}/backfills") is { } told ? told.GetProperty("data")[0] : null;
}

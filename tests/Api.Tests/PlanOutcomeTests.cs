using System.Diagnostics;
using System.Net;
using System.Text.Json;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Api.Tests;

/// <summary>A plan is kept, and later held against what happened.</summary>
public sealed class PlanOutcomeTests : IAsyncLifetime
{
    private const string Customers = """
        flow: customers
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        trigger: { on: servicetitan/customer.changed, every: 24h }
        steps:
          - upsert: salesforce/Account
            match: [ [AccountNumber] ]
            set: { AccountNumber: =input.id, Name: =input.name, Phone: '555' }
            options: { duplicates: accept }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("flow-outcome-").FullName;
    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync(
        new Dictionary<string, string> { ["flows/customers/flow.yaml"] = Customers, ["deployments/customers.yaml"] = "deployment: customers\ntemplate: customers\nconnections: { servicetitan: tenant, salesforce: org }\n" },
        prepare: w => { for (var i = 1; i <= 4; i++) w.ServiceTitan.AddCustomer(new CustomerSeed { Id = i, Name = $"Customer {i}", Active = true }); });

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_came_as_predicted_is_counted_and_what_did_not_is_told_with_its_reason()
    {
        var file = Path.Combine(_folder, "plan.json");
        var (planned, said) = await FlowAsync("plan", "--deployment", "customers", "--record", "1", "--record", "2", "--record", "3", "--record", "4", "--save", file);
        Assert.True(planned == 0, said);
        Assert.Contains("4 create Account", said, StringComparison.Ordinal);

        // The second is renamed before it runs, the third runs twice with a change between, the fourth never runs.
        _world.ServiceTitan.EditCustomer(2, name: "Renamed");
        await RunAsync("1", "2", "3");
        _world.ServiceTitan.EditCustomer(3, name: "Twice");
        await RunAsync("3");
        var (code, told) = await FlowAsync("plan", "--deployment", "customers", "--compare", file);
        Assert.Equal(1, code);
        Assert.Contains("2: The record, or what it was matched with, changed between the plan and the run", told, StringComparison.Ordinal);
        Assert.Contains("predicted: create Account AccountNumber=2, Name=Customer 2, Phone=555", told, StringComparison.Ordinal);
        Assert.Contains("did: create Account AccountNumber=2, Name=Renamed, Phone=555", told, StringComparison.Ordinal);
        Assert.Contains("3: 2 runs of this record have ended since", told, StringComparison.Ordinal);
        Assert.Contains("4: No run of this record has ended since.", told, StringComparison.Ordinal);
        Assert.Contains("2 of 5 writes of 4 events came as predicted.", told, StringComparison.Ordinal);

        var saved = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(file));
        var first = saved.GetProperty("runs").EnumerateArray().Where(r => r.GetProperty("event").GetString() == "1").ToList();
        var outcome = await _world.PostAsync("/api/flows/plan/outcome", new { deployment = "customers", since = saved.GetProperty("since"), runs = first });
        Assert.Equal((1, 1, 1, 0), (outcome.GetProperty("events").GetInt32(), outcome.GetProperty("effects").GetInt32(), outcome.GetProperty("equal").GetInt32(), outcome.GetProperty("deviations").GetArrayLength()));
    }

    [Fact]
    public async Task What_is_no_plan_is_refused_with_a_sentence()
    {
        var good = new { @event = "1", outcome = "succeeded", text = (string?)null, effects = Array.Empty<object>() };
        await ApiWorld.ProblemAsync(await SendAsync(new { deployment = "customers", runs = new[] { good } }), HttpStatusCode.BadRequest, "bad-request");
        await ApiWorld.ProblemAsync(await SendAsync(new { deployment = "customers", since = "2026-01-01T00:00:00Z", runs = Array.Empty<object>() }), HttpStatusCode.BadRequest, "bad-request");
        await ApiWorld.ProblemAsync(await SendAsync(new { deployment = "customers", since = "2026-01-01T00:00:00Z", runs = new[] { new { @event = "1", effects = new[] { new { verb = "create" } } } } }), HttpStatusCode.BadRequest, "bad-request");
        await ApiWorld.ProblemAsync(await SendAsync(new { deployment = "nobody", since = "2026-01-01T00:00:00Z", runs = new[] { good } }), HttpStatusCode.NotFound, "not-found");
        await File.WriteAllTextAsync(Path.Combine(_folder, "no.json"), "{}");
        var (code, told) = await FlowAsync("plan", "--deployment", "customers", "--compare", Path.Combine(_folder, "no.json"));
        Assert.Equal(2, code);
        Assert.Contains("is no saved plan; 'flow plan --save FILE' writes one.", told, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> SendAsync(object body) => _world.SendAsync(HttpMethod.Post, "/api/flows/plan/outcome", body);

    private async Task RunAsync(params string[] records)
    {
        await _world.PostAsync("/api/deployments/customers/backfills", new { records });
        await _world.UntilAsync("/api/deployments/customers/backfills", data => data[0].GetProperty("state").GetString() == "done");
        await _world.Host.Runtime.WaitIdleAsync(default);
        foreach (var run in (await _world.GetAsync("/api/runs?outcome=succeeded")).GetProperty("data").EnumerateArray()) await _world.ExplainedAsync(run.GetProperty("id").GetString()!);
    }

    private async Task<(int Code, string Output)> FlowAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "flow.dll"), .. arguments, "--server", _world.Address.GetLeftPart(UriPartial.Authority)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await errors);
    }
}

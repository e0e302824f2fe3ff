using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.EndToEnd.Tests.Alerts;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.EndToEnd.Tests.Drift;

/// <summary>Somebody changes the org while flows run: the engine asks each day and tells what concerns a flow before a record fails by it.</summary>
public sealed class DriftTests : IAsyncLifetime
{
    private const string Gone = "ServiceTitan_Tags__c";
    private const string Retyped = "ServiceTitan_Do_Not_Mail__c";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private ChatRoom _chat = null!;
    private EngineWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _chat = await ChatRoom.OpenAsync();
        var clock = new SkipClock();
        var vendors = await Vendors.StartAsync(clock);
        Fields.Prepare(vendors);
        await vendors.AddRequiredAsync(new { Account = new { Nobodys__c = new { type = "text", length = 20 } } });
        var folder = WorkspaceFolder.OfCustomers(vendors);
        folder.Own["E2E_CHAT_ADDRESS"] = _chat.Address.ToString();
        folder.Write(
            "connections/chat.yaml",
            """
            connector: alert-webhook
            settings: { allowPrivate: true }
            secrets: { address: { env: E2E_CHAT_ADDRESS } }
            """);
        _world = await EngineWorld.StartAsync(clock, vendors, folder, new BatcherOptions());
        Assert.True(await _world.Runner.TakeAsync(default), string.Join("\n", _world.Runner.Findings));
        await _world.Host.StartAsync(default);
        await SeenAsync(_world.Host, TimeSpan.FromMinutes(6));
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _chat.DisposeAsync();
    }

    [Fact]
    public async Task A_used_field_that_went_or_changed_its_type_opens_an_incident_with_file_and_line_and_people_are_told()
    {
        await ChangeTheOrgAsync();
        await SeenAsync(_world.Host, TimeSpan.FromHours(25));
        var open = (await OpenAsync(_world.Host, 2)).OrderBy(i => i.Fingerprint, StringComparer.Ordinal).ToList();
        Assert.Contains($"Account.{Retyped} was Boolean and is Text", open[0].Message, StringComparison.Ordinal);
        Assert.Contains($"Account.{Gone} is gone", open[1].Message, StringComparison.Ordinal);
        var lines = File.ReadAllLines(_world.Folder.FlowFile);
        foreach (var (incident, field) in open.Zip([Retyped, Gone]))
        {
            var place = incident.Message.Split("flow.yaml:")[1].Split(':');
            Assert.Contains(field, lines[int.Parse(place[0], System.Globalization.CultureInfo.InvariantCulture) - 1], StringComparison.Ordinal);
            Assert.Equal(_world.Host.Runtime.Registry.All.Single().Ref.Id, incident.Deployment);
        }

        // What people are told is the incident's own sentence.
        await _world.UntilAsync(() => Tick() && _chat.Messages.Any(m => m.Body.Contains(Gone, StringComparison.Ordinal)), "people were told");

        // It lasts: counted, not opened again.
        await SeenAsync(_world.Host, TimeSpan.FromHours(25));
        Assert.Equal(open.Select(i => i.Id), (await _world.IncidentsAsync(openOnly: true)).Select(i => i.Id).Order());
    }

    [Fact]
    public async Task A_restart_remembers_how_the_org_was_and_the_incident_ends_when_it_is_so_again()
    {
        await _world.Host.DisposeAsync();
        await ChangeTheOrgAsync();
        var again = await FlowHost.OpenAsync(EngineWorld.OptionsOf(_world.Folder) with { Time = _world.Clock }, default);
        await using (again)
        {
            var runner = new WorkspaceRunner(again, _world.Folder.Path, EngineWorld.Connectors, _world.Folder.Variable, NullLogger<WorkspaceRunner>.Instance);
            await PutBackAsync(Gone);
            Assert.True(await runner.TakeAsync(default));
            await again.StartAsync(default);
            await SeenAsync(again, TimeSpan.FromHours(25));
            Assert.Contains(Retyped, Assert.Single(await OpenAsync(again, 1)).Message, StringComparison.Ordinal);

            await _world.Vendors.RemoveFieldAsync("Account", Retyped);
            await PutBackAsync(Retyped);
            await SeenAsync(again, TimeSpan.FromHours(25));
            await OpenAsync(again, 0);
        }
    }

    [Fact]
    public async Task What_no_flow_uses_may_go_and_nobody_is_troubled()
    {
        await _world.Vendors.RemoveFieldAsync("Account", "Nobodys__c");
        await SeenAsync(_world.Host, TimeSpan.FromHours(25));
        Assert.Empty(await _world.IncidentsAsync(openOnly: false));
        Assert.Empty(_chat.Messages);
    }

    private async Task ChangeTheOrgAsync()
    {
        await _world.Vendors.RemoveFieldAsync("Account", Gone);
        await _world.Vendors.RemoveFieldAsync("Account", Retyped);
        await _world.Vendors.AddRequiredAsync(new { Account = new Dictionary<string, object> { [Retyped] = new { type = "text", length = 10 } } });
    }

    private async Task PutBackAsync(string field)
    {
        object was = field == Gone ? new { type = "text", length = 255 } : new { type = "boolean" };
        await _world.Vendors.AddRequiredAsync(new { Account = new Dictionary<string, object> { [field] = was } });
    }

    /// <summary>Time passes; the org has been described, and what there was to say is stored.</summary>
    private async Task SeenAsync(FlowHost host, TimeSpan after)
    {
        var described = Described();
        _world.Clock.Skip(after);
        await _world.UntilAsync(() => Described() > described, "the org was described");
        int seen;
        do
        {
            // The objects are asked one after the other: no call for a while means that all were.
            seen = Described();
            await Task.Delay(TimeSpan.FromMilliseconds(300));
        }
        while (Described() != seen);
        await host.Runtime.WaitIdleAsync(default);
    }

    /// <summary>The open incidents once there are so many: what was described is compared and stored a moment after the call.</summary>
    private static async Task<IReadOnlyList<Incident>> OpenAsync(FlowHost host, int count)
    {
        var waited = Stopwatch.StartNew();
        IReadOnlyList<Incident> open;
        while ((open = await host.View.Incidents.ListAsync("default", true, default)).Count != count)
        {
            if (waited.Elapsed > Patience) Assert.Fail($"{open.Count} incidents are open, not {count}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        return open;
    }

    private int Described() => _world.Vendors.Salesforce.Statistics.Calls.Where(c => c.Key.Contains("describe", StringComparison.OrdinalIgnoreCase)).Sum(c => c.Value);

    private bool Tick()
    {
        _world.Clock.Skip(TimeSpan.FromSeconds(1));
        return true;
    }
}

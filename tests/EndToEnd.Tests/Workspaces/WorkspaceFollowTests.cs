using WorkflowEngine.Cli;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Hosting;
using WorkflowEngine.Simulators.Faults;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Workspaces;

/// <summary>A new mapping is a file.</summary>
public sealed class WorkspaceFollowTests
{
    private const string LastLine = "\n      BillingCountry: =input.address.country";

    [Fact]
    public async Task A_running_workspace_takes_a_new_mapping_refuses_a_broken_one_with_its_line_and_takes_the_mended_one()
    {
        await using var world = await EngineWorld.StartAsync(Fields.Prepare);
        using var stop = new CancellationTokenSource();
        var following = world.Runner.FollowAsync(stop.Token);
        world.Vendors.ServiceTitan.AddCustomer(People.One(People.FirstId));
        await world.SettleAsync();
        Assert.Null(Description(world, People.FirstId));

        var first = Hash(world);
        var good = await File.ReadAllTextAsync(world.Folder.FlowFile);
        Assert.Contains(LastLine, good, StringComparison.Ordinal);
        Edit(world, good.Replace(LastLine, LastLine + "\n      Description: =input.type", StringComparison.Ordinal));
        await world.UntilAsync(() => Hash(world) != first, "the new mapping is taken");
        world.Vendors.ServiceTitan.AddCustomer(People.One(People.FirstId + 1));
        await world.SettleAsync();
        Assert.Equal("Residential", Description(world, People.FirstId + 1));

        var second = Hash(world);
        Edit(world, good.Replace(LastLine, LastLine + "\n      Description: =input.tpye", StringComparison.Ordinal));
        await world.UntilAsync(() => world.Runner.Findings.Count > 0, "the broken mapping is refused");
        var finding = world.Runner.Findings[0];
        var line = good.Split('\n').ToList().FindIndex(l => l.StartsWith(LastLine[1..], StringComparison.Ordinal)) + 2;
        Assert.Equal((world.Folder.FlowFile, line), (finding.Path, finding.Position.Line));
        Assert.Contains("tpye", finding.Message, StringComparison.Ordinal);
        Assert.Equal(second, Hash(world));
        world.Vendors.ServiceTitan.AddCustomer(People.One(People.FirstId + 2));
        await world.SettleAsync();
        Assert.Equal("Residential", Description(world, People.FirstId + 2));

        Edit(world, good.Replace(LastLine, LastLine + "\n      Description: =text.upper(input.type)", StringComparison.Ordinal));
        await world.UntilAsync(() => world.Runner.Findings.Count == 0 && Hash(world) != second, "the mended mapping is taken");
        world.Vendors.ServiceTitan.AddCustomer(People.One(People.FirstId + 3));
        await world.SettleAsync();
        Assert.Equal("RESIDENTIAL", Description(world, People.FirstId + 3));
        await world.NoLettersAsync();
        await stop.CancelAsync();
        await following;
    }

    [Fact]
    public async Task A_file_that_changes_after_the_folder_was_read_ahead_is_taken_at_the_next_look()
    {
        await using var world = await EngineWorld.StartAsync(Fields.Prepare);
        var first = Hash(world);
        world.Runner.Ahead = Task.FromResult(WorkspaceReading.Of(world.Folder.Path, Installed.Connectors, world.Folder.Variable));
        Edit(world, (await File.ReadAllTextAsync(world.Folder.FlowFile)).Replace(LastLine, LastLine + "\n      Description: =input.type", StringComparison.Ordinal));
        Assert.True(await world.Runner.TakeAsync(default));
        Assert.Equal(first, Hash(world));

        using var stop = new CancellationTokenSource();
        var following = world.Runner.FollowAsync(stop.Token);
        await world.UntilAsync(() => Hash(world) != first, "the new mapping is taken");
        await stop.CancelAsync();
        await following;
    }

    [Fact]
    public async Task A_workspace_whose_folder_disappears_goes_on_with_what_it_has()
    {
        await using var world = await EngineWorld.StartAsync(Fields.Prepare);
        var away = world.Folder.Path + "-away";
        Directory.Move(world.Folder.Path, away);
        Assert.False(await world.Runner.TakeAsync(default));
        Assert.Contains(world.Folder.Path, Assert.Single(world.Runner.Findings).Message, StringComparison.Ordinal);
        world.Vendors.ServiceTitan.AddCustomer(People.One(People.FirstId));
        await world.SettleAsync();
        Assert.Single(OrgView.Accounts(world.Vendors.Salesforce));

        Directory.Move(away, world.Folder.Path);
        Assert.True(await world.Runner.TakeAsync(default));
        Assert.Empty(world.Runner.Findings);
    }

    [Fact]
    public async Task A_run_that_waits_when_the_mapping_changes_ends_with_the_mapping_of_its_start_or_begins_anew()
    {
        await using var world = await EngineWorld.StartAsync(Fields.Prepare);
        world.Vendors.Salesforce.Faults.Add(new FaultRule { Kind = FaultKind.Unavailable, Path = "*/sobjects/Contact*", Count = 2 });
        world.Vendors.ServiceTitan.AddCustomer(People.One(People.FirstId));
        await world.UntilAsync(() => world.Host.Runtime.Counters.Parked > 0 && world.Host.Runtime.RunsInMemory == 0, "the run waits");
        Assert.Single(OrgView.Accounts(world.Vendors.Salesforce));
        var good = await File.ReadAllTextAsync(world.Folder.FlowFile);
        Edit(world, good.Replace("      FirstName: =person.name.first", "      FirstName: =\"New\"", StringComparison.Ordinal));
        Assert.True(await world.Runner.TakeAsync(default));
        await world.SettleAsync();
        await world.NoLettersAsync();
        Assert.NotNull(Assert.Single(OrgView.Contacts(world.Vendors.Salesforce))["FirstName"]);
        Assert.Equal((1, 1), (world.Vendors.Created("Account"), world.Vendors.Created("Contact")));
    }

    private static string Hash(EngineWorld world) => Assert.Single(world.Host.Runtime.Registry.All).Flow.Hash;

    private static void Edit(EngineWorld world, string text) => File.WriteAllText(world.Folder.FlowFile, text);

    private static string? Description(EngineWorld world, long customer) =>
        Assert.Single(world.Vendors.Salesforce.Records("Account", CustomerKey, "Description"), a => a[CustomerKey] == $"{customer}")["Description"];
}

using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage.Tests;

/// <summary>Key states, cursors, incidents and deployments.</summary>
public abstract class MemoryContract : StoreContract
{
    [Fact]
    public async Task A_key_state_comes_back_and_is_replaced_whole()
    {
        var state = new KeyState
        {
            HighWater = new Dictionary<string, string> { ["Customer/1"] = "v9" },
            Memory = new Dictionary<string, string> { ["Customer/1/name"] = "h1", ["Customer/1/phone"] = "h2" },
            MemoryOf = "flow",
            Sticky = true,
            Became = new Dictionary<string, bool> { ["Opportunity/1"] = false },
        };
        await CommitAsync(new SaveKeyState(Key("a"), state), new SaveKeyState(Key("a", Other), new KeyState { Became = new Dictionary<string, bool> { ["Opportunity/1"] = true } }));
        var found = await Stores.KeyStates.ReadAsync([Key("a"), Key("b"), Key("a", Other)], None);
        Assert.Equal(2, found.Count);
        Assert.Equivalent(state, found[Key("a")], strict: true);
        Assert.True(found[Key("a", Other)].Became["Opportunity/1"]);
        await CommitAsync(new SaveKeyState(Key("a"), new KeyState()));
        Assert.Equivalent(new KeyState(), (await Stores.KeyStates.ReadAsync([Key("a")], None))[Key("a")], strict: true);
    }

    [Fact]
    public async Task A_cursor_stands_where_its_page_was_accepted()
    {
        var key = new CursorKey("default", "tenant", "customer/customers", "");
        Assert.Null(await Stores.Cursors.ReadAsync(key, None));
        await CommitAsync(new AppendEvents([Event("a")]), new SaveCursor(key, new SourceCursor(null, Noon.AddTicks(7)), Noon));
        Assert.Equal(new SourceCursor(null, Noon.AddTicks(7)), await Stores.Cursors.ReadAsync(key, None));
        await CommitAsync(new SaveCursor(key, new SourceCursor("token", null), Noon), new SaveCursor(key with { Scope = "own" }, new SourceCursor("own", null), Noon));
        Assert.Equal(new SourceCursor("token", null), await Stores.Cursors.ReadAsync(key, None));
        Assert.Null(await Stores.Cursors.ReadAsync(key with { Workspace = "other" }, None));
    }

    [Fact]
    public async Task Equal_failures_are_one_incident_until_it_recovers()
    {
        var raise = new RaiseIncident("default", Deployment.Id, "field gone", "Industry__c is missing", Noon);
        await CommitAllAsync(Set(raise), Set(raise with { At = Noon.AddMinutes(1), Message = "newest words" }), Set(new RaiseIncident("default", null, "field gone", "engine", Noon)));
        var open = await Stores.Incidents.ListAsync("default", openOnly: true, None);
        Assert.Equal(
            [
                new Incident { Workspace = "default", Deployment = Deployment.Id, Fingerprint = "field gone", Message = "newest words", Count = 2, FirstSeen = Noon, LastSeen = Noon.AddMinutes(1) },
                new Incident { Workspace = "default", Deployment = null, Fingerprint = "field gone", Message = "engine", Count = 1, FirstSeen = Noon, LastSeen = Noon },
            ],
            open.Select(incident => incident with { Id = 0 }));

        await CommitAllAsync(Set(new RecoverIncident("default", Deployment.Id, "field gone", Noon.AddMinutes(2))), Set(raise with { At = Noon.AddMinutes(3) }));
        var all = await Stores.Incidents.ListAsync("default", openOnly: false, None);
        Assert.Equal([1, 2, 1], all.Select(incident => incident.Count));
        Assert.Equal([null, Noon.AddMinutes(2), null], all.Select(incident => incident.RecoveredAt));
        Assert.True(all[0].Id > open.Max(incident => incident.Id), "an incident that opens later has a higher number");
        Assert.Empty(await Stores.Incidents.ListAsync("other", openOnly: false, None));
    }

    [Fact]
    public async Task A_deployment_is_replaced_by_its_name_in_one_swap()
    {
        var first = Record(Deployment.Id, "one", "hash-1");
        await Stores.Deployments.SaveAsync(first, None);
        await Stores.Deployments.SaveAsync(first with { Workspace = "other" }, None);
        var next = first with { FlowHash = "hash-2", State = DeploymentState.Paused, PausedBecause = "field gone" };
        await Stores.Deployments.SaveAsync(next, None);
        Assert.Equivalent(new[] { next with { StateRevision = 1 }, first with { Workspace = "other" } }, await Stores.Deployments.ReadAllAsync(None), strict: true);

        var renewed = Record(Guid.NewGuid(), "one", "hash-3");
        await Stores.Deployments.SaveAsync(renewed, None);
        Assert.Equivalent(new[] { renewed, first with { Workspace = "other" } }, await Stores.Deployments.ReadAllAsync(None), strict: true);
    }

    [Fact]
    public async Task A_flow_version_is_kept_once()
    {
        var version = new FlowVersionRecord("default", "hash", "flow", "{}", Noon);
        await Stores.Deployments.SaveFlowVersionAsync(version, None);
        await Stores.Deployments.SaveFlowVersionAsync(version with { Sources = "changed" }, None);
        Assert.Equal(version, await Stores.Deployments.ReadFlowVersionAsync("default", "hash", None));
        Assert.Null(await Stores.Deployments.ReadFlowVersionAsync("other", "hash", None));
    }

    [Fact]
    public async Task A_pause_of_a_deployment_outlives_the_process()
    {
        await Stores.Deployments.SaveAsync(Record(Deployment.Id, "customers", "h1"), None);
        await CommitAsync(new SaveDeploymentState(Deployment, DeploymentState.Paused, "Nearly all runs fail alike."));
        await Fixture.CrashAsync();
        var found = Assert.Single(await Stores.Deployments.ReadAllAsync(None));
        Assert.Equal((DeploymentState.Paused, "Nearly all runs fail alike.", "h1"), (found.State, found.PausedBecause, found.FlowHash));
        await CommitAsync(new SaveDeploymentState(Deployment, DeploymentState.Active, null));
        Assert.Equal((DeploymentState.Active, null), (await Stores.Deployments.ReadAllAsync(None)).Select(d => (d.State, d.PausedBecause)).Single());
    }

    [Fact]
    public async Task What_is_told_about_the_state_of_a_deployment_is_counted_also_when_it_ends_as_it_was()
    {
        var first = Record(Deployment.Id, "customers", "h1");
        await Stores.Deployments.SaveAsync(first, None);
        Assert.Equal(0, await RevisionAsync());
        await CommitAsync(new SaveDeploymentState(Deployment, DeploymentState.Paused, "stocktaking"));
        await CommitAsync(new SaveDeploymentState(Deployment, DeploymentState.Active, null));
        Assert.Equal(2, await RevisionAsync());
        // A new version tells nothing about the state, a deployment that is saved as paused does.
        await Stores.Deployments.SaveAsync(first with { FlowHash = "h2" }, None);
        Assert.Equal(2, await RevisionAsync());
        await Stores.Deployments.SaveAsync(first with { State = DeploymentState.Paused }, None);
        await Stores.Deployments.SaveAsync(first with { State = DeploymentState.Paused, PausedBecause = "stocktaking" }, None);
        Assert.Equal(4, await RevisionAsync());

        async Task<long> RevisionAsync() => Assert.Single(await Stores.Deployments.ReadAllAsync(None)).StateRevision;
    }

    private static DeploymentRecord Record(Guid id, string name, string hash) => new()
    {
        Workspace = "default",
        Id = id,
        Name = name,
        FlowId = "flow",
        FlowHash = hash,
        State = DeploymentState.Active,
        Realms = new Dictionary<string, string> { ["salesforce"] = "org" },
        Bindings = """{"parameters":{}}""",
        CreatedAt = Noon,
    };
}

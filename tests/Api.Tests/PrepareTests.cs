using System.Net;

namespace WorkflowEngine.Api.Tests;

/// <summary>What an org lacks for a deployment is told by name, and made when a person asks for it.</summary>
public sealed class PrepareTests : IAsyncLifetime
{
    private const string Flow = """
        flow: leads
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        parameters: { withNotes: { type: boolean, default: false } }
        requires:
          salesforce:
            Lead:
              Wizard_Key__c: { type: text, length: 40, externalId: true, unique: true }
              Wizard_Kind__c: { type: picklist, values: [Home, Office] }
              Wizard_Notes__c: { type: text, length: 80 }
            Account:
              AccountNumber: { type: text, externalId: true }
        trigger: { on: servicetitan/customer.changed, every: 24h }
        steps:
          - upsert: salesforce/Lead
            match: [ [Wizard_Key__c] ]
            set: { Wizard_Key__c: =input.id, LastName: =input.name, Company: '-', Wizard_Kind__c: Home }
          - upsert: salesforce/Lead
            if: =params.withNotes
            match: [ [Wizard_Key__c] ]
            set: { Wizard_Key__c: =input.id, LastName: =input.name, Company: '-', Wizard_Notes__c: =input.name }
        """;

    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ApiWorld.StartAsync();
        await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Put, "/api/templates/leads", new { files = new[] { new { path = "flow.yaml", content = Flow } } }));
    }

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_dry_run_names_what_the_org_lacks_and_making_it_leaves_what_cannot_be_made()
    {
        var dry = await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Put, "/api/deployments/leads?dryRun=true", Request()));
        // What only steps use that the parameters leave out is not asked for.
        Assert.Equal(
            [("Account", "AccountNumber", "externalId", false), ("Lead", "Wizard_Key__c", "field", true), ("Lead", "Wizard_Kind__c", "field", true)],
            dry.GetProperty("gaps").EnumerateArray().Select(g => (g.GetProperty("entity").GetString(), g.GetProperty("field").GetString(), g.GetProperty("kind").GetString(), g.GetProperty("canCreate").GetBoolean())));
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Put, "/api/deployments/leads", Request()), HttpStatusCode.UnprocessableEntity, "does-not-fit");

        var prepared = await _world.PostAsync("/api/deployments/leads/prepare", Request());
        Assert.Equal(["org: Lead.Wizard_Key__c", "org: Lead.Wizard_Kind__c"], prepared.GetProperty("made").EnumerateArray().Select(m => m.GetString()));
        Assert.Equal(0, prepared.GetProperty("problems").GetArrayLength());
        Assert.Equal("AccountNumber", Assert.Single(prepared.GetProperty("gaps").EnumerateArray()).GetProperty("field").GetString());
        var entity = await _world.GetAsync("/api/catalog/salesforce/Lead?connection=org");
        var key = entity.GetProperty("fields").EnumerateArray().Single(f => f.GetProperty("name").GetString() == "Wizard_Key__c");
        Assert.Equal((true, true), (key.GetProperty("externalId").GetBoolean(), key.GetProperty("updatable").GetBoolean()));

        // Asked again nothing is made twice.
        var again = await _world.PostAsync("/api/deployments/leads/prepare", Request());
        Assert.Equal((0, 1), (again.GetProperty("made").GetArrayLength(), again.GetProperty("gaps").GetArrayLength()));
        var notes = await _world.PostAsync("/api/deployments/leads/prepare", Request(withNotes: true));
        Assert.Equal(["org: Lead.Wizard_Notes__c"], notes.GetProperty("made").EnumerateArray().Select(m => m.GetString()));
    }

    [Fact]
    public async Task What_cannot_be_judged_is_refused_and_nothing_is_made()
    {
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, "/api/deployments/leads/prepare", new { template = "none" }), HttpStatusCode.UnprocessableEntity, "does-not-fit");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, "/api/deployments/leads/prepare", new { template = "leads", connections = new { servicetitan = "tenant" } }), HttpStatusCode.UnprocessableEntity, "does-not-fit");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, "/api/deployments/leads/prepare", "[]"), HttpStatusCode.BadRequest, "bad-request");
    }

    private static object Request(bool withNotes = false) => new { template = "leads", connections = new { servicetitan = "tenant", salesforce = "org" }, parameters = new { withNotes } };
}

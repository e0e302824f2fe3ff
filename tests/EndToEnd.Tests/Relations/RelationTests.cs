using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.EndToEnd.Tests.Relations;

/// <summary>A flow that reads of a record's parents and children, and asks by them.</summary>
public sealed class RelationTests
{
    // The trigger's record comes by the poll, which holds neither parents nor children.
    private const string Reach = """
        flow: reach
        title: How an account can be reached, as a campaign
        connections: { salesforce: salesforce }
        trigger: { on: salesforce/Account.changed }
        steps:
          - stop: nobody to reach
            if: =input.Contacts.length === 0
          - id: others
            query: salesforce/Account
            where: { Contacts.Email: =list.compact(input.Contacts.map(c => c.Email)), Id: { not: =input.Id } }
            orderBy: [Name]
          - id: first
            lookup: salesforce/Account
            where: { Contacts.Phone: '+12085550142' }
            orElse: none
          - upsert: salesforce/Campaign
            match: [[Name]]
            set:
              Name: =input.Name
              Description: |-
                =`${list.join(list.sortBy(list.compact(input.Contacts.map(c => c.Email)), e => e), " ")} of ${input.Owner?.Name ?? "nobody"}, shared with ${list.join(others.map(o => `${o.Name} (${o.Contacts.length})`), " ")}, phone of ${first?.Name ?? "nobody"}`
        """;

    [Fact]
    public async Task Children_and_parents_of_a_polled_record_are_read_and_asked_for()
    {
        var clock = new SkipClock();
        var vendors = await Vendors.StartAsync(clock);
        var folder = new WorkspaceFolder();
        folder.WriteConnections(vendors);
        folder.Write("flows/reach/flow.yaml", Reach);
        folder.Write("deployments/reach.yaml", "deployment: reach\ntemplate: reach\nconnections: { salesforce: org }\nsince: 2020-01-01\n");
        var ruiz = Account("Ruiz");
        var lee = Account("Lee");
        Account("Nobody here");
        Contact(ruiz, "A", "a@example.com", null);
        Contact(ruiz, "B", "shared@example.com", null);
        Contact(lee, "C", "SHARED@example.com", "(208) 555-0142");
        await using var world = await EngineWorld.StartAsync(clock, vendors, folder, new BatcherOptions());
        Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
        await world.OpenedAsync();
        await world.Host.StartAsync(default);

        await world.UntilAsync(() => Skip(world) && vendors.Salesforce.Records("Campaign", "Name").Count == 2, "both accounts with contacts are campaigns");

        var campaigns = vendors.Salesforce.Records("Campaign", "Name", "Description").ToDictionary(c => c["Name"]!, c => c["Description"]);
        var id = vendors.Salesforce.Records("Account", "OwnerId").Select(a => a["OwnerId"]).First();
        var owner = vendors.Salesforce.Records("User", "Id", "Name").Single(u => u["Id"] == id)["Name"];
        Assert.Equal($"a@example.com shared@example.com of {owner}, shared with Lee (1), phone of Lee", campaigns["Ruiz"]);
        Assert.Equal($"SHARED@example.com of {owner}, shared with Ruiz (2), phone of Lee".ToUpperInvariant(), campaigns["Lee"]!.ToUpperInvariant());
        await world.NoLettersAsync();

        string Account(string name) => vendors.Salesforce.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = name });

        void Contact(string account, string name, string email, string? phone) =>
            vendors.Salesforce.AddRecord("Contact", new Dictionary<string, object?> { ["AccountId"] = account, ["LastName"] = name, ["Email"] = email, ["Phone"] = phone });
    }

    [Fact]
    public async Task The_orgs_names_hold_for_children_too()
    {
        var clock = new SkipClock();
        var vendors = await Vendors.StartAsync(clock);
        using var fields = JsonDocument.Parse("""{ "Contact": { "Their_Key__c": { "type": "text", "length": 40 } } }""");
        vendors.Salesforce.AddRequired(fields.RootElement);
        var folder = new WorkspaceFolder();
        folder.WriteConnections(vendors);
        folder.Write("flows/keys/flow.yaml", """
            flow: keys
            title: Keys of the contacts of an account
            connections: { salesforce: salesforce }
            requires: { salesforce: { Contact: { Our_Key__c: { type: text, length: 40 } } } }
            trigger: { on: salesforce/Account.changed }
            steps:
              - { id: owners, query: salesforce/Account, where: { Contacts.Our_Key__c: [k1, k2] }, orderBy: [Name] }
              - upsert: salesforce/Campaign
                match: [[Name]]
                set: { Name: =input.Name, Description: '=list.join(owners.map(a => `${a.Name}: ${list.join(list.compact(a.Contacts.map(c => c.Our_Key__c)), " ")}`), "; ")' }
            """);
        folder.Write("deployments/keys.yaml", "deployment: keys\ntemplate: keys\nconnections: { salesforce: org }\nsince: 2020-01-01\nnames: { salesforce/Contact.Our_Key__c: Their_Key__c }\n");
        var account = vendors.Salesforce.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Ruiz" });
        foreach (var key in (string[])["k1", "other"]) vendors.Salesforce.AddRecord("Contact", new Dictionary<string, object?> { ["AccountId"] = account, ["LastName"] = key, ["Their_Key__c"] = key });
        await using var world = await EngineWorld.StartAsync(clock, vendors, folder, new BatcherOptions());
        Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
        await world.OpenedAsync();
        await world.Host.StartAsync(default);
        await world.UntilAsync(() => Skip(world) && vendors.Salesforce.Records("Campaign", "Name").Count == 1, "the campaign is there");
        Assert.Equal("Ruiz: k1 other", Assert.Single(vendors.Salesforce.Records("Campaign", "Description"))["Description"]);
        await world.NoLettersAsync();
    }

    /// <summary>Objects nobody but the org knows: described, written to a metadata file, read and asked by as lists of their parents.</summary>
    [Fact]
    public async Task Children_of_the_orgs_own_objects_are_read_and_asked_for_too()
    {
        var clock = new SkipClock();
        var vendors = await Vendors.StartAsync(clock);
        using var own = JsonDocument.Parse("""{ "Visit__c": { "Result__c": { "type": "text", "length": 40 }, "Account__c": { "type": "reference", "to": "Account", "relationshipName": "Visits" } } }""");
        vendors.Salesforce.AddRequired(own.RootElement);
        var folder = new WorkspaceFolder();
        folder.WriteConnections(vendors);
        folder.Write("flows/visits/flow.yaml", "flow: visits\nconnections: { salesforce: salesforce }\ntrigger: { on: salesforce/Account.changed }\nsteps: [{ stop: nothing yet }]\n");
        await using var world = await EngineWorld.StartAsync(clock, vendors, folder, new BatcherOptions());
        Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
        var org = (await world.Host.Connections.OpenAsync("org", default)).Value!.Connection;
        var described = new List<EntityDescriptor>();
        foreach (var name in (string[])["Account", "Visit__c"]) described.Add((await org.DescribeAsync(name, default)).Value!);
        folder.Write("flows/visits/org.metadata.json", MetadataWriter.Write("salesforce", clock.GetUtcNow(), described));
        folder.Write("flows/visits/flow.yaml", """
            flow: visits
            title: How visits of an account ended, as a campaign
            connections: { salesforce: salesforce }
            trigger: { on: salesforce/Account.changed }
            steps:
              - { stop: never visited, if: =input.Visits__r.length === 0 }
              - { id: leaks, query: salesforce/Account, where: { Visits__r.Result__c: leak }, orderBy: [Name] }
              - upsert: salesforce/Campaign
                match: [[Name]]
                set: { Name: =input.Name, Description: '=`${list.join(list.sortBy(list.compact(input.Visits__r.map(v => v.Result__c)), r => r), " ")}; leaks at ${list.join(leaks.map(a => a.Name), " ")}`' }
            """);
        folder.Write("deployments/visits.yaml", "deployment: visits\ntemplate: visits\nconnections: { salesforce: org }\nsince: 2020-01-01\n");
        foreach (var (account, results) in ((string, string[])[])[("Ruiz", ["leak", "fine"]), ("Lee", ["fine"]), ("Never visited", [])])
        {
            var id = vendors.Salesforce.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = account });
            foreach (var result in results) vendors.Salesforce.AddRecord("Visit__c", new Dictionary<string, object?> { ["Name"] = "V", ["Account__c"] = id, ["Result__c"] = result });
        }

        Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
        await world.OpenedAsync();
        await world.Host.StartAsync(default);
        await world.UntilAsync(() => Skip(world) && vendors.Salesforce.Records("Campaign", "Name").Count == 2, "both accounts with visits are campaigns");
        Assert.Equal(
            new Dictionary<string, string?> { ["Ruiz"] = "fine leak; leaks at Ruiz", ["Lee"] = "fine; leaks at Ruiz" },
            vendors.Salesforce.Records("Campaign", "Name", "Description").ToDictionary(c => c["Name"]!, c => c["Description"]));
        await world.NoLettersAsync();
    }

    /// <summary>The wait between polls passes.</summary>
    private static bool Skip(EngineWorld world)
    {
        world.Clock.Skip(TimeSpan.FromSeconds(2));
        return true;
    }
}

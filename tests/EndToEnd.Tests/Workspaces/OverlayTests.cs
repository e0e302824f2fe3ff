using System.Text.Json;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.EndToEnd.Tests.Workspaces;

/// <summary>A deployment that changes its template: lines, conditions, tables and the org's own names.</summary>
public sealed class OverlayTests
{
    private const string Head = "deployment: customers\ntemplate: customer-to-salesforce\nconnections: { servicetitan: tenant, salesforce: org }\nsince: 2020-01-01\n";

    [Fact]
    public async Task Changed_lines_own_tables_and_the_orgs_names_run_from_the_feed_to_the_org()
    {
        var clock = new SkipClock();
        var vendors = await Vendors.StartAsync(clock);
        Fields.Prepare(vendors);
        using var live = JsonDocument.Parse("""{ "Account": { "Is_Live__c": { "type": "boolean" } } }""");
        vendors.Salesforce.AddRequired(live.RootElement);
        var folder = WorkspaceFolder.OfCustomers(vendors);
        folder.Write("deployments/customers.yaml", Head + """
            names: { salesforce/Account.ServiceTitan_Active__c: Is_Live__c }
            overlay:
              customer-to-salesforce:
                account:
                  set:
                    Name: '=`${input.name} (${table("regions", input.address.state).region})`'
                    BillingCountry: { remove: true }
                    Description: From ServiceTitan
            tables:
              regions: { key: text, columns: { region: text }, rows: [{ key: '*', region: elsewhere }, { key: ID, region: Idaho }] }
            """);
        await using var world = await EngineWorld.StartAsync(clock, vendors, folder, new());
        Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
        await world.OpenedAsync();
        await world.Host.StartAsync(default);
        var person = People.One(People.FirstId, "Sam Shared", "sam@example.com");
        vendors.ServiceTitan.AddCustomer(person);
        await world.SettleAsync();
        await world.NoLettersAsync();
        var account = Assert.Single(vendors.Salesforce.Records("Account", ["Name", "BillingCountry", "Description", "Is_Live__c", "ServiceTitan_Active__c"]));
        Assert.StartsWith("Sam Shared (", account["Name"], StringComparison.Ordinal);
        Assert.Equal((null, "From ServiceTitan", "true"), (account["BillingCountry"], account["Description"], account["Is_Live__c"]));
        Assert.NotEqual("true", account["ServiceTitan_Active__c"]);

        // The same record again is read with the org's names and found equal.
        var rows = vendors.Salesforce.Statistics.Rows.Values.Sum();
        vendors.ServiceTitan.EditCustomer(People.FirstId);
        await world.SettleAsync();
        Assert.Equal(rows, vendors.Salesforce.Statistics.Rows.Values.Sum());
    }

    [Fact]
    public async Task Fields_that_only_steps_use_which_the_parameters_leave_out_are_not_required_and_the_others_are()
    {
        var clock = new SkipClock();
        var vendors = await Vendors.StartAsync(clock);
        Fields.Prepare(vendors);
        var folder = WorkspaceFolder.OfCustomers(vendors);
        await using var world = await EngineWorld.StartAsync(clock, vendors, folder, new());
        Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
        await world.OpenedAsync();
        folder.Write("deployments/customers.yaml", Head + """
            parameters: { people: personAccounts }
            requires: { salesforce: { Account: { Loyalty__c: { type: text, length: 20 } } } }
            overlay: { customer-to-salesforce: { personal: { set: { Loyalty__c: '=input.custom["Loyalty"]' } } } }
            """);
        await world.Runner.TakeAsync(default);
        var problem = Assert.Single(world.Runner.Problems);
        Assert.Contains("Account.PersonEmail does not exist", problem, StringComparison.Ordinal);
        Assert.Contains("Account.Loyalty__c does not exist", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_vanished_from_the_template_is_told_all_at_once_with_its_line_in_the_deployments_file()
    {
        await using var vendors = await Vendors.StartAsync(TimeProvider.System);
        using var folder = WorkspaceFolder.OfCustomers(vendors);
        folder.Write("deployments/customers.yaml", Head + """
            overlay:
              customer-to-sales: { account: { set: { Name: X } } }
              customer-to-salesforce:
                acount: { set: { Name: X } }
                lines: { set: { Name: X } }
                account:
                  set: { Region__c: { remove: true } }
            """);
        var found = Load(folder).Diagnostics.Where(d => d.IsError).ToList();
        Assert.Equal([("WF5130", 6), ("WF5131", 8), ("WF5132", 9), ("WF5133", 11)], found.Select(d => (d.Code, d.Position.Line)).OrderBy(d => d.Line));
        Assert.All(found, d => Assert.EndsWith("customers.yaml", d.Path, StringComparison.Ordinal));
        Assert.Contains("account", found.Single(d => d.Code == "WF5131").Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_in_a_changed_line_is_shown_in_the_deployments_file_and_unknown_names_and_tables_are_refused()
    {
        await using var vendors = await Vendors.StartAsync(TimeProvider.System);
        using var folder = WorkspaceFolder.OfCustomers(vendors);
        folder.Write("deployments/customers.yaml", Head + """
            overlay: { customer-to-salesforce: { account: { set: { Name: =inputt.name } } } }
            """);
        var wrong = Assert.Single(Load(folder).Diagnostics, d => d.IsError);
        Assert.Equal(("WF3004", 5), (wrong.Code, wrong.Position.Line));
        Assert.EndsWith("customers.yaml", wrong.Path, StringComparison.Ordinal);
        folder.Write("deployments/customers.yaml", Head + """
            names: { salesforce/Account.Nothing__c: Something__c }
            tables: { regions: { rows: [{ key: a, region: b }] } }
            """);
        Assert.Equal(["WF5134", "WF5135"], Load(folder).Diagnostics.Where(d => d.IsError).Select(d => d.Code).Order());
    }

    private static WorkspaceLoad Load(WorkspaceFolder folder) =>
        WorkspaceLoad.Read(WorkspaceFiles.Read(folder.Path), EngineWorld.Connectors, name => WorkspaceFolder.Environment.GetValueOrDefault(name));
}

using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Runtime;
using WorkflowEngine.Simulators.Faults;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Failures;

public sealed class RecordFailureTests
{
    private const string Collections = "*/composite/sobjects*";

    [Fact]
    public async Task One_poisoned_record_of_two_hundred_fails_only_itself_says_why_and_is_replayed_after_the_fix()
    {
        await using var world = await EngineWorld.StartAsync(Fields.Prepare);
        const long Poisoned = People.FirstId + 117;
        var rule = world.Vendors.Salesforce.Faults.Add(new FaultRule
        {
            Kind = FaultKind.VendorError, Field = CustomerKey, Value = $"{Poisoned}", Code = "FIELD_CUSTOM_VALIDATION_EXCEPTION", Message = "Customers named Poison are not welcome.",
        });
        foreach (var customer in People.Of(200)) world.Vendors.ServiceTitan.AddCustomer(customer);
        await world.SettleAsync();

        var accounts = OrgView.Accounts(world.Vendors.Salesforce);
        Assert.Equal(199, accounts.Count);
        Assert.DoesNotContain(accounts, a => a[CustomerKey] == $"{Poisoned}");
        Assert.Equal(199, OrgView.Contacts(world.Vendors.Salesforce).Count);
        var letters = await world.LettersAsync();
        Assert.NotEmpty(letters);
        Assert.All(letters, letter =>
        {
            Assert.Equal(($"{Poisoned}", "account", "FIELD_CUSTOM_VALIDATION_EXCEPTION"), (letter.Content.Key, letter.Content.Step, letter.Content.Code));
            Assert.Contains("Customers named Poison are not welcome.", letter.Content.Message, StringComparison.Ordinal);
            Assert.Matches(@"flow\.yaml:\d+:\d+$", letter.Content.Place);
        });

        world.Vendors.Salesforce.Faults.Remove(rule);
        var report = await world.Host.ReplayAsync(new DeadLetterFilter { Workspace = "default" }, null, fromStep: false, default);
        Assert.Equal(letters.Count, report.Replayed);
        await world.SettleAsync();
        await world.NoLettersAsync();
        Assert.Single(OrgView.Accounts(world.Vendors.Salesforce), a => a[CustomerKey] == $"{Poisoned}");
        Assert.Single(OrgView.Contacts(world.Vendors.Salesforce), c => c[PersonKey] == $"{Poisoned}/primary");
    }

    [Fact]
    public async Task A_poisoned_record_goes_on_at_its_failed_step()
    {
        await using var world = await EngineWorld.StartAsync(Fields.Prepare);
        var rule = world.Vendors.Salesforce.Faults.Add(new FaultRule { Kind = FaultKind.VendorError, Field = "LastName", Value = "Testperson", Code = "FIELD_CUSTOM_VALIDATION_EXCEPTION" });
        world.Vendors.ServiceTitan.AddCustomer(People.One(People.FirstId));
        await world.SettleAsync();
        Assert.All(await world.LettersAsync(), letter => Assert.Equal("contact", letter.Content.Step));
        Assert.Single(OrgView.Accounts(world.Vendors.Salesforce));

        world.Vendors.Salesforce.Faults.Remove(rule);
        var ids = (await world.LettersAsync()).Select(l => l.Id).ToList();
        var written = world.Vendors.Written();
        Assert.Equal(ids.Count, (await world.Host.ReplayAsync(new DeadLetterFilter { Workspace = "default" }, ids, fromStep: true, default)).Replayed);
        await world.SettleAsync();
        await world.NoLettersAsync();
        Assert.Equal($"{People.FirstId}/primary", Assert.Single(OrgView.Contacts(world.Vendors.Salesforce))[PersonKey]);
        Assert.Equal(written + 1, world.Vendors.Written());
    }

    [Fact]
    public async Task A_call_wide_failure_is_halved_before_a_row_is_blamed()
    {
        await using var world = await EngineWorld.StartAsync(Fields.Prepare);
        world.Vendors.Salesforce.Faults.Add(new FaultRule
        {
            Kind = FaultKind.VendorError, Path = Collections, Count = 3, Status = 400, Code = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", Message = "Trigger of the org failed.",
        });
        foreach (var customer in People.Of(200)) world.Vendors.ServiceTitan.AddCustomer(customer);
        await world.SettleAsync();
        await world.NoLettersAsync();
        Assert.Equal(200, OrgView.Accounts(world.Vendors.Salesforce).Count);
        Assert.Equal(200, OrgView.Contacts(world.Vendors.Salesforce).Count);
        Assert.Equal((200, 200), (world.Vendors.Created("Account"), world.Vendors.Created("Contact")));
    }

    [Fact]
    public async Task An_org_that_refuses_every_collection_gets_its_rows_one_by_one()
    {
        await using var world = await EngineWorld.StartAsync(Fields.Prepare);
        world.Vendors.Salesforce.Faults.Add(new FaultRule
        {
            Kind = FaultKind.VendorError, Path = "*/composite/sobjects/Account/*", Status = 400, Code = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", Message = "Trigger of the org is not bulk-safe.",
        });
        foreach (var customer in People.Of(30)) world.Vendors.ServiceTitan.AddCustomer(customer);
        await world.SettleAsync();
        await world.NoLettersAsync();
        Assert.Equal(30, OrgView.Accounts(world.Vendors.Salesforce).Count);
        Assert.Equal(30, OrgView.Contacts(world.Vendors.Salesforce).Count);
    }

    [Fact]
    public async Task A_deleted_field_pauses_the_deployment_with_an_incident_and_its_return_resumes_it()
    {
        await using var world = await EngineWorld.StartAsync(Fields.Prepare);
        foreach (var customer in People.Of(5)) world.Vendors.ServiceTitan.AddCustomer(customer);
        await world.SettleAsync();

        await world.Vendors.RemoveFieldAsync("Account", ActiveFlag);
        foreach (var customer in People.Of(40, People.FirstId + 100)) world.Vendors.ServiceTitan.AddCustomer(customer);
        await world.UntilAsync(() => world.Host.Runtime.Pauses.Count > 0 && world.Host.Runtime.RunsInMemory == 0, "the deployment is paused");
        await world.NoLettersAsync();
        Assert.Contains(ActiveFlag, Assert.Single(world.Host.Runtime.Pauses), StringComparison.Ordinal);
        await world.Host.Runtime.WaitIdleAsync(default);
        var incident = Assert.Single(await world.IncidentsAsync(openOnly: true));
        Assert.Contains(ActiveFlag, incident.Message, StringComparison.Ordinal);
        Assert.Contains("flow.yaml:", incident.Message, StringComparison.Ordinal);

        await world.Vendors.AddRequiredAsync(Fields.Required);
        await world.SettleAsync();
        await world.NoLettersAsync();
        Assert.Empty(world.Host.Runtime.Pauses);
        Assert.Empty(await world.IncidentsAsync(openOnly: true));
        Assert.Equal(40, OrgView.Accounts(world.Vendors.Salesforce).Count(a => a[ActiveFlag] == "true"));
        Assert.Equal((45, 45), (world.Vendors.Created("Account"), world.Vendors.Created("Contact")));
    }
}

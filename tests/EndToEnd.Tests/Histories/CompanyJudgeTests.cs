using System.Text.RegularExpressions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.FlowTesting;
using WorkflowEngine.Runtime;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Histories;

/// <summary>The judge of the histories sees what is wrong: one quiet history, made wrong in one place each time.</summary>
public sealed class CompanyJudgeTests
{
    // Its org shows at once, and nobody dies.
    private const int Seed = 3;

    private const string JobKey = "ServiceTitan_Job_Id__c";
    private const string Customer = "48100001";
    private const string Inactive = "48100002";
    private const string Job = "77100001";

    // A customer with an e-mail and a phone, a job that is billed, a sale; and a customer that is switched off.
    private static readonly CompanyStep[] Steps =
    [
        new(CompanyAct.Name, 0, 3), new(CompanyAct.Line, 0, 1), new(CompanyAct.Name, 1, 6), new(CompanyAct.Settle, 0, 0), new(CompanyAct.Job, 0, 2), new(CompanyAct.Sale, 0, 4), new(CompanyAct.Switch, 1, 1),
        new(CompanyAct.Settle, 0, 0), new(CompanyAct.Bill, 0, 3), new(CompanyAct.Name, 0, 7), new(CompanyAct.Settle, 0, 0),
    ];

    private static readonly string[] Person = ["Contact", PersonKey, Customer + "/primary"];

    private static readonly string[] Opportunity = ["Opportunity", JobKey, Job];

    /// <summary>What is made wrong, and what the judge must say of it. What hides something else stands in a set of its own.</summary>
    private static readonly Dictionary<string, (Action<CompanyWorld> Make, string[] Told)> Wrongs = new()
    {
        ["values"] = (
            world =>
            {
                Edit(world, ["Account", CustomerKey, Customer], ("Name", "FirstA NameD"), (ActiveFlag, false), ("BillingStreet", "1 Other St"), ("Phone", "+12085550999"));
                Edit(world, ["Account", CustomerKey, Inactive], (ActiveFlag, true));
                Edit(world, Person, ("LastName", "NameD"), ("FirstName", "Someone"), ("Email", "home1@example.com"), ("MobilePhone", null), (ActiveFlag, false), ("AccountId", Id(world, "Account", CustomerKey, Inactive)));
                Edit(world, ["Contact", PersonKey, Inactive + "/primary"], (ActiveFlag, true));
                Edit(
                    world, Opportunity, ("Amount", 1m), ("StageName", "Qualification"), ("Name", "Another"), ("CloseDate", "2026-01-01"), ("ServiceTitan_Status__c", "Canceled"), ("ServiceTitan_Origin__c", "Salesforce"),
                    ("ServiceTitan_Job_Type__c", null), ("ServiceTitan_Invoice_Number__c", null), ("ServiceTitan_Work_Notes__c", "Another"), ("AccountId", Id(world, "Account", CustomerKey, Inactive)));
                Edit(world, Sold(world), ("ServiceTitan_Job_Number__c", null), ("ServiceTitan_Link__c", null), ("ServiceTitan_Origin__c", null), ("ServiceTitan_Service_Date__c", "2026-03-20"));
            },
            [
                "the account of 48100001: Name is 'FirstA NameD', not 'FirstA NameH'", "the account of 48100001: ServiceTitan_Active__c", "the account of 48100001: BillingStreet", "the account of 48100001: Phone",
                "48100002 is inactive, but its account is active", "the person of 48100001: LastName is 'NameD', not 'NameH'", "the person of 48100001: FirstName", "the person of 48100001: Email",
                "the person of 48100001: MobilePhone", "the person of 48100001: ServiceTitan_Active__c", "the person of 48100001 is at the account of 48100002", "48100002 is inactive, but its person is active",
                "the opportunity of job 77100001: Amount is '1', not '90.16'", "the opportunity of job 77100001: StageName", "the opportunity of job 77100001: Name", "the opportunity of job 77100001: CloseDate",
                "the opportunity of job 77100001: ServiceTitan_Status__c", "the opportunity of job 77100001: ServiceTitan_Origin__c", "the opportunity of job 77100001: ServiceTitan_Job_Type__c",
                "the opportunity of job 77100001: ServiceTitan_Invoice_Number__c", "the opportunity of job 77100001: ServiceTitan_Work_Notes__c", "the opportunity of job 77100001 is at the account of 48100002",
                "the sale: ServiceTitan_Job_Number__c", "the sale: ServiceTitan_Link__c", "the sale: ServiceTitan_Origin__c", "the sale: its visit is from 2026-03-09",
            ]),
        ["missing"] = (
            world =>
            {
                Delete(world, Person);
                Delete(world, Opportunity);
                Remember(world, JobOf(world), null);
            },
            ["no person of 48100001", "no opportunity of the completed job 77100001", "no job of the sale"]),
        ["no account"] = (world => Delete(world, ["Account", CustomerKey, Customer]), ["no account of 48100001"]),
        ["a sale of nobody"] = (world => Remember(world, JobOf(world), "0065g0000099999AAA"), ["was booked for 0065g0000099999AAA, which nobody sold", "no job of the sale"]),
        ["booked twice"] = (world => Remember(world, Job, Id(world, Sold(world))), ["2 jobs of sale"]),
        ["cancelled"] = (
            world => world.ServiceTitan.PutRecord("jobs", new Dictionary<string, object?> { ["id"] = Job, ["jobStatus"] = "Canceled" }), ["the opportunity of job 77100001: ServiceTitan_Status__c is 'Completed', not 'Canceled'"]),
        ["of nothing"] = (world => Edit(world, Opportunity, (JobKey, "77999999")), ["no opportunity of the completed job 77100001", "of nothing"]),
    };

    public static TheoryData<string> All => [.. Wrongs.Keys];

    [Fact]
    public async Task A_quiet_history_is_right() => Assert.Null(await new CompanyHistory(Seed, Steps, []).PlayAsync());

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_is_wrong_is_told(string what)
    {
        var history = new CompanyHistory(Seed, Steps, []) { Meddle = Wrongs[what].Make };

        var found = await history.PlayAsync();

        Assert.StartsWith("before the last news: ", found);
        // The org gives the sale its id.
        var told = Regex.Replace(found!, "the sale [0-9A-Za-z]{18}", "the sale");
        Assert.All(Wrongs[what].Told, wrong => Assert.Contains(wrong, told));
    }

    [Fact]
    public async Task An_older_state_of_a_sale_that_is_told_again_late_moves_no_visit_back() => Assert.Null(await new CompanyHistory(
        Seed,
        [
            new(CompanyAct.Name, 0, 3), new(CompanyAct.Settle, 0, 0), new(CompanyAct.Sale, 0, 4), new(CompanyAct.Settle, 0, 0), new(CompanyAct.Wait, 0, 90), new(CompanyAct.Repeat, 0, 24), new(CompanyAct.Move, 0, 5),
            new(CompanyAct.Settle, 0, 0), new(CompanyAct.Settle, 0, 0),
        ],
        []).PlayAsync());

    [Fact]
    public void An_incident_is_excused_by_the_fingerprint_of_a_letter_of_three_deaths_and_by_nothing_else()
    {
        var deployment = new DeploymentRef("default", Guid.NewGuid());
        var deaths = new OperationError(ErrorKind.Bug, "deaths", "The process died 3 times while this event was in flight, at last when it ran alone.");
        var refused = new OperationError(ErrorKind.Rejected, "deaths of pipes", "Refused.");
        var end = new EndState { Runs = [], Effects = [], Incidents = [], Pauses = [], Waiting = new Dictionary<string, long>(), Letters = [Letter(deaths), Letter(refused)] };

        Assert.Equal([true, false], end.Letters.Select(CompanyExcuses.IsOfDeaths));
        // A fingerprint is a hash: it never says what it is of.
        Assert.True(CompanyExcuses.IsOfDeaths(end, Incident(Fingerprint.Of("flow", "", deaths), deployment.Id)));
        Assert.False(CompanyExcuses.IsOfDeaths(end, Incident(Fingerprint.Of("flow", "", deaths), Guid.NewGuid())));
        Assert.False(CompanyExcuses.IsOfDeaths(end, Incident(Fingerprint.Of("flow", "", refused), deployment.Id)));
        Assert.False(CompanyExcuses.IsOfDeaths(end, Incident("storm deaths", deployment.Id)));

        DeadLetter Letter(OperationError error) => new(
            1,
            new NewDeadLetter
            {
                Deployment = deployment, FlowHash = "", Trigger = "", Kind = EventKind.Change, Key = "1", Payload = [], Full = true, RunId = "", Step = "", ErrorKind = error.Kind, Code = error.Code, Message = error.Message,
                Fingerprint = Fingerprint.Of("flow", "", error), Attempts = [], At = default, ReceivedAt = default, Priority = CallPriority.Live,
            },
            DeadLetterState.Open, null, null);

        static Incident Incident(string fingerprint, Guid of) => new() { Workspace = "default", Deployment = of, Fingerprint = fingerprint, Message = "", Count = 1, FirstSeen = default, LastSeen = default };
    }

    /// <param name="world">The company.</param>
    /// <param name="record">Type, field and value that name the record.</param>
    /// <param name="values">What is typed there.</param>
    private static void Edit(CompanyWorld world, string[] record, params (string Field, object? Value)[] values) =>
        world.Salesforce.EditRecord(Id(world, record), values.ToDictionary(v => v.Field, v => v.Value));

    private static void Delete(CompanyWorld world, string[] record) => world.DeleteAsync(record[0], Id(world, record)).GetAwaiter().GetResult();

    /// <summary>ServiceTitan remembers another sale with a job, or none.</summary>
    private static void Remember(CompanyWorld world, string job, string? sale) => world.ServiceTitan.PutRecord("jobs", new Dictionary<string, object?>
    {
        ["id"] = job, ["externalData"] = new { applicationGuid = TestSettings.ApplicationGuid, externalData = new[] { new { key = "sfOpportunityId", value = sale } } },
    });

    private static string Id(CompanyWorld world, params string[] record) => world.Salesforce.Records(record[0], new[] { "Id", record[1] }.Distinct().ToArray()).Single(r => r[record[1]] == record[2])["Id"]!;

    private static string[] Sold(CompanyWorld world) => ["Opportunity", "Name", world.Salesforce.Records("Opportunity", "Name").Single(o => o["Name"]!.StartsWith("Sale", StringComparison.Ordinal))["Name"]!];

    private static string JobOf(CompanyWorld world) => world.Salesforce.Records("Opportunity", "Name", JobKey).Single(o => o["Name"]!.StartsWith("Sale", StringComparison.Ordinal))[JobKey]!;
}

namespace WorkflowEngine.FlowTesting.Tests;

public sealed class RunnerTests
{
    private const string Dana = "events: [{ customer: { id: 7, name: Dana } }]";

    [Fact]
    public async Task What_holds_passes()
    {
        var report = await Template.RunAsync(Template.One(Dana, """
            runs: { succeeded: 1 }
            salesforce: { Account: { only: true, records: [{ Key__c: 7, Name: Dana, Description: new }] } }
            created: { salesforce/Account: 1 }
            """));
        Assert.True(report.Succeeded, Template.Shown(report));
        Assert.Single(report.Tests);
    }

    [Theory]
    [InlineData("runs: { succeeded: 2 }", "Expected 2 runs succeeded")]
    [InlineData("runs: { failed: 1 }", "Expected 1 runs failed")]
    [InlineData("salesforce: { Account: [{ Name: Dora }] }", "the closest differs: Name: expected 'Dora', found 'Dana'")]
    [InlineData("salesforce: { Account: [{ Name: Dana }, { Name: Dana }] }", "Expected a record of Account, found none.")]
    [InlineData("salesforce: { Account: { only: true, records: [] } }", "is a record of Account more than expected")]
    [InlineData("salesforce: { Account: [{ Name: null }] }", "expected null, found 'Dana'")]
    [InlineData("created: { salesforce/Account: 0 }", "Expected 0 new records of salesforce/Account, found 1")]
    [InlineData("updated: { salesforce/Account: 1 }", "Expected 1 updates")]
    [InlineData("deadLetters: [{ step: account }]", "Expected a dead letter of the step account")]
    [InlineData("incidents: [off by]", "Expected an open incident")]
    [InlineData("outcome: Nobody", "Expected a run to end with 'Nobody'")]
    public async Task What_does_not_hold_is_told_at_its_line(string expect, string message)
    {
        var report = await Template.RunAsync(Template.One(Dana, expect));
        Assert.False(report.Succeeded);
        var failure = Assert.Single(Assert.Single(report.Tests).Failures);
        Assert.Contains(message, $"{failure.Message} {string.Join(" ", failure.Details)}", StringComparison.Ordinal);
        Assert.Equal(7, failure.Place.Start.Line);
    }

    [Theory]
    [InlineData("rateLimited", 1)]
    [InlineData("unavailable", 3)]
    [InlineData("timeoutBefore", 1)]
    [InlineData("lostAnswer", 1)]
    [InlineData("crash", 1)]
    [InlineData("malformed", 1)]
    [InlineData("slow", 1)]
    [InlineData("UNABLE_TO_LOCK_ROW", 1)]
    public async Task Trouble_at_a_step_passes_without_a_second_record(string fault, int times)
    {
        var report = await Template.RunAsync(Template.One($"{Dana}\nfaults: [{{ step: account, fail: {fault}, times: {times} }}]", """
            runs: { succeeded: 1 }
            salesforce: { Account: { only: true, records: [{ Name: Dana, Description: new }] } }
            created: { salesforce/Account: 1 }
            """));
        Assert.True(report.Succeeded, Template.Shown(report));
    }

    [Fact]
    public async Task A_vendors_refusal_is_a_dead_letter_with_its_code()
    {
        var report = await Template.RunAsync(Template.One($"{Dana}\nfaults: [{{ step: account, fail: FIELD_CUSTOM_VALIDATION_EXCEPTION }}]", """
            runs: { failed: 1 }
            deadLetters: [{ step: account, code: FIELD_CUSTOM_VALIDATION_EXCEPTION }]
            created: { salesforce/Account: 0 }
            """));
        Assert.True(report.Succeeded, Template.Shown(report));
    }

    [Fact]
    public async Task A_dead_letter_that_nobody_expected_fails_the_test()
    {
        var report = await Template.RunAsync(Template.One($"{Dana}\nfaults: [{{ step: account, fail: FIELD_CUSTOM_VALIDATION_EXCEPTION }}]", "created: { salesforce/Account: 0 }"));
        Assert.Contains("nobody expected", Assert.Single(Assert.Single(report.Tests).Failures).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_that_never_strikes_fails_the_test()
    {
        var report = await Template.RunAsync(Template.One("events: [{ customer: { id: 7, name: Nobody } }]\nfaults: [{ step: account, fail: lostAnswer }]", "runs: { stopped: 1 }"));
        Assert.Contains("never struck", Assert.Single(Assert.Single(report.Tests).Failures).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flow_that_changes_something_each_time_is_told_by_its_repetition()
    {
        // 'Description' says whether the Account was there: the second time it is.
        var report = await Template.RunAsync(Template.One(Dana, "repeat: noChange"));
        var failure = Assert.Single(Assert.Single(report.Tests).Failures);
        Assert.Contains("Description from \"new\" to \"known\"", string.Join(" ", failure.Details), StringComparison.Ordinal);
        var calm = await Template.RunAsync(
            Template.One(Dana, "repeat: noChange"), flow: Template.Changed("""'=known === null ? "new" : "known"'""", "'=known === null || known !== null ? \"x\" : \"y\"'"));
        Assert.True(calm.Succeeded, Template.Shown(calm));
    }

    [Fact]
    public async Task Days_between_events_pass_at_once_and_people_edit_what_is_there()
    {
        var report = await Template.RunAsync(Template.One("""
            salesforce: { Account: [{ Id: hers, Key__c: 7, Name: Old }] }
            parameters: { prefix: "Ms. " }
            events:
              - { after: 30d, customer: { id: 7, name: Dana } }
              - { after: 2d, customer: { id: 7, name: Dora } }
              - { after: 1h, delete: Account, with: { Key__c: 8 } }
            """, """
            runs: { succeeded: 2 }
            salesforce: { Account: { only: true, records: [{ Id: hers, Name: Ms. Dora, Description: known }] } }
            created: { salesforce/Account: 0 }
            updated: { salesforce/Account: 2 }
            """));
        Assert.True(report.Succeeded, Template.Shown(report));
    }

    [Fact]
    public async Task Records_of_a_file_stand_there_too()
    {
        var report = await Template.RunAsync(
            Template.One($"salesforce: fixtures/org.yaml\n{Dana}", "salesforce: { Account: { only: true, records: [{ Key__c: 7, Name: Dana, Site: Hall }] } }"),
            more: ("fixtures/org.yaml", "Account: [{ Key__c: 7, Name: Old, Site: Hall }]"));
        Assert.True(report.Succeeded, Template.Shown(report));
    }

    [Fact]
    public async Task Coverage_names_the_branches_and_lines_that_no_test_reaches()
    {
        var report = await Template.RunAsync(Template.One(Dana, "runs: { succeeded: 1 }"), coverage: true);
        var coverage = Assert.Single(report.Coverage);
        Assert.Equal(["stop-1: stop", "stop-1: true"], coverage.Items.Where(i => !i.Covered).Select(i => i.What).Order());
        Assert.Contains(coverage.Items, i => i is { What: "account: set Name", Covered: true });
    }

    [Theory]
    [InlineData("flow: nmaes\ntests: []", "WF6001")]
    [InlineData("flow: names\ntests: [{ name: a, given: { salesforce: fixtures/none.yaml }, expect: {} }]", "WF6002")]
    [InlineData("flow: names\ntests: [{ name: a, given: { salesfroce: { Account: [] } }, expect: {} }]", "WF6003")]
    [InlineData("flow: names\ntests: [{ name: a, expect: { salesforce: { Acount: [] } } }]", "WF6004")]
    [InlineData("flow: names\ntests: [{ name: a, given: { faults: [{ step: acount, fail: slow }] }, expect: {} }]", "WF6005")]
    [InlineData("flow: names\ntests: [{ name: a, given: { now: yesterday }, expect: {} }]", "WF6006")]
    public async Task A_mistake_in_a_file_of_tests_is_a_finding_and_nothing_runs(string text, string code)
    {
        var report = await Template.RunAsync(text);
        Assert.Equal(code, Assert.Single(report.Diagnostics, d => d.IsError).Code);
        Assert.Empty(report.Tests);
        Assert.False(report.Succeeded);
    }
}

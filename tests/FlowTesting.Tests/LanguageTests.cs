namespace WorkflowEngine.FlowTesting.Tests;

/// <summary>Parts of the language that no template uses, as a flow's author tests them.</summary>
public sealed class LanguageTests
{
    private const string Head = """
        flow: names
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        requires:
          salesforce:
            Account: { Key__c: { type: text, length: 20, externalId: true, unique: true } }

        """;

    private const string Nightly = Head + """
        input: { id: { type: text, optional: true }, name: { type: text, optional: true }, events: { type: integer, optional: true }, failed: { type: integer, optional: true } }
        trigger:
          - { id: nightly, schedule: '0 2 * * *', for: servicetitan/customer.changed, with: { id: =trigger.id, name: =trigger.name } }
          - { id: done, schedule: '0 2 * * *', after: drained, with: { events: =trigger.events, failed: =trigger.failed } }
        key: =input.id ?? "done"
        steps:
          - { if: '=input.name === "Bad"', fail: It is bad }
          - id: account
            upsert: salesforce/Account
            match: [[Key__c]]
            set:
              Key__c: =input.id ?? "done"
              Name: '=input.name ?? `${input.events ?? 0} customers, ${input.failed ?? 0} failed`'
        """;

    [Fact]
    public async Task A_schedule_that_waits_for_drains_tells_how_many_there_were()
    {
        var report = await Template.RunAsync(
            Template.One(
                "events: [{ customer: { id: 7, name: Dana } }, { customer: { id: 8, name: Bad } }, { customer: { id: 9, name: Sean } }, { after: 1d }]\nfaults: [{ step: account, fail: unavailable }]",
                """
                runs: { succeeded: 3, failed: 1 }
                deadLetters: [{ code: fail }]
                salesforce: { Account: { only: true, records: [{ Key__c: 7, Name: Dana }, { Key__c: 9, Name: Sean }, { Key__c: done, Name: "3 customers, 1 failed" }] } }
                """),
            flow: Nightly);
        Assert.True(report.Succeeded, Template.Shown(report));
    }

    private const string Sold = Head + """
        trigger: { on: servicetitan/customer.changed }
        steps:
          - id: sold
            call: servicetitan/membership.sell
            once: { key: '=`${input.id}/gold`' }
            with: { customerId: =input.id, businessUnitId: "9020", saleTaskId: "9", durationBillingId: "4151", recurringServiceAction: None }
          - id: account
            upsert: salesforce/Account
            match: [[Key__c]]
            set:
              Key__c: =input.id
              Name: '=`${input.name} ${sold.existed} ${sold.customerMembershipId === null ? "unknown" : "known"}`'
        """;

    private const string Tenant = """
        servicetitan:
          businessUnit: [{ id: 9020, name: Service }]
          durationBilling: [{ id: 4151, membershipTypeId: 415, saleTaskId: 9, duration: 12, billingFrequency: Monthly, salePrice: 120 }]
          membershipType: [{ id: 415, name: Gold }]
        """;

    [Fact]
    public async Task A_membership_is_sold_once_however_often_its_customer_changes()
    {
        var report = await Template.RunAsync(
            Template.One($"{Tenant}\nevents: [{{ customer: {{ id: 7, name: Dana }} }}, {{ after: 1d, customer: {{ id: 7, name: Dora }} }}]\nfaults: [{{ step: account, fail: crash }}]", """
                runs: { succeeded: 2 }
                servicetitan: { membership: { only: true, records: [{ customerId: 7 }] } }
                salesforce: { Account: { only: true, records: [{ Key__c: 7, Name: Dora true known }] } }
                """),
            flow: Sold);
        Assert.True(report.Succeeded, Template.Shown(report));
    }

    [Fact]
    public async Task A_sale_whose_answer_is_lost_waits_for_a_person_and_is_not_made_again()
    {
        // The sale moves the customer, and what comes of that waits behind it.
        var report = await Template.RunAsync(
            Template.One($"{Tenant}\nevents: [{{ customer: {{ id: 7, name: Dana }} }}]\nfaults: [{{ step: sold, fail: lostAnswer }}]", """
                runs: { waiting: 2 }
                servicetitan: { membership: { only: true, records: [{ customerId: 7 }] } }
                salesforce: { Account: { only: true, records: [] } }
                """),
            flow: Sold);
        Assert.True(report.Succeeded, Template.Shown(report));
    }

    [Theory]
    [InlineData("lostAnswer")]
    [InlineData("timeoutBefore")]
    [InlineData("crash")]
    public async Task What_a_call_makes_is_found_by_its_key_after_trouble(string fault)
    {
        var report = await Template.RunAsync(
            Template.One($$"""
                servicetitan:
                  invoice: [{ id: 501, referenceNumber: "501" }]
                events: [{ customer: { id: 7, name: Dana } }]
                faults: [{ step: adjusted, fail: {{fault}} }]
                """, """
                runs: { succeeded: 1 }
                servicetitan: { invoice: [{ referenceNumber: 7-fee, adjustmentToId: 501 }] }
                salesforce: { Account: { only: true, records: [{ Key__c: 7, Name: false }] } }
                """),
            flow: Head + """
                trigger: { on: servicetitan/customer.changed }
                steps:
                  - id: adjusted
                    call: servicetitan/invoice.adjust
                    once: { number: '=`${input.id}-fee`' }
                    with: { adjustmentToId: "501" }
                  - id: account
                    upsert: salesforce/Account
                    match: [[Key__c]]
                    set: { Key__c: =input.id, Name: '=`${adjusted.existed}`' }
                """);
        Assert.True(report.Succeeded, Template.Shown(report));
    }

    private const string Kept = Head + """
        trigger: { on: servicetitan/customer.changed }
        steps:
          - id: account
            upsert: salesforce/Account
            match: [[Key__c], [Name]]
            onDeleted: restore
            set: { Key__c: =input.id, Name: =input.name, Description: again }
        """;

    [Theory]
    [InlineData("restore", "", "runs: { succeeded: 2 }", "[{ Key__c: 7, Name: Dora, Description: again, Phone: '+12085550100' }]")]
    [InlineData("restore", "lostAnswer", "runs: { succeeded: 2 }", "[{ Key__c: 7, Name: Dora, Description: again, Phone: '+12085550100' }]")]
    [InlineData("skip", "", "runs: { succeeded: 2 }", "[]")]
    [InlineData("create", "", "runs: { succeeded: 2 }", "[{ Key__c: 7, Name: Dora, Description: again, Phone: null }]")]
    [InlineData("fail", "", "runs: { succeeded: 1, failed: 1 }\ndeadLetters: [{ step: account, code: deleted }]", "[]")]
    public async Task An_account_that_people_deleted_is_met_as_the_flow_says(string word, string fault, string runs, string accounts)
    {
        var report = await Template.RunAsync(
            Template.One($$"""
                salesforce: { Account: [{ Id: danas, Name: Dana, Phone: '+12085550100' }] }
                events:
                  - customer: { id: 7, name: Dana }
                  - { after: 1d, delete: Account, with: { Name: Dana } }
                  - { after: 1d, customer: { id: 7, name: Dora } }
                {{(fault.Length == 0 ? "" : $"faults: [{{ step: account, fail: {fault}, times: 2 }}]")}}
                """, $"{runs}\nsalesforce: {{ Account: {{ only: true, records: {accounts} }} }}"),
            flow: Kept.Replace("restore", word, StringComparison.Ordinal));
        Assert.True(report.Succeeded, Template.Shown(report));
    }

    [Fact]
    public async Task Rows_of_a_table_come_from_a_file_and_a_deployments_go_before_them()
    {
        var report = await Template.RunAsync(
            Template.One("tables: { regions: { rows: [{ key: Sean, name: Valley }] } }\nevents: [{ customer: { id: 7, name: Dana } }, { customer: { id: 8, name: Sean } }, { customer: { id: 9, name: Kim } }]", """
                salesforce: { Account: { only: true, records: [{ Key__c: 7, Name: 'West, by the river 2' }, { Key__c: 8, Name: Valley 1 }, { Key__c: 9, Name: Elsewhere 1 }] } }
                """),
            flow: Head + """
                tables: { regions: { key: text, columns: { name: text, rank: { type: integer, default: 1 } }, rows: tables/regions.csv } }
                trigger: { on: servicetitan/customer.changed }
                steps:
                  - upsert: salesforce/Account
                    match: [[Key__c]]
                    set: { Key__c: =input.id, Name: '=`${table("regions", input.name).name} ${table("regions", input.name).rank}`' }
                """,
            more: [("tables/regions.csv", "key,name,rank\r\nDana,\"West, by the river\",2\r\nSean,Mountain,4\r\n*,Elsewhere,\r\n")]);
        Assert.True(report.Succeeded, Template.Shown(report));
    }

    [Theory]
    [InlineData("Service", "9020 West", null)]
    [InlineData("'9020'", "9020 West", null)]
    [InlineData("Servise", null, "the parameter 'unit': no servicetitan/businessUnit is called 'Servise'.")]
    [InlineData("Twice", null, "the parameter 'unit': several servicetitan/businessUnit are called 'Twice' (9021, 9022); give the id.")]
    public async Task A_record_that_a_deployment_calls_by_its_name_is_found(string unit, string? name, string? problem)
    {
        var report = await Template.RunAsync(
            Template.One(
                "servicetitan: { businessUnit: [{ id: 9020, name: Service }, { id: 9021, name: Twice }, { id: 9022, name: Twice }] }\n"
                + $"parameters: {{ unit: {unit} }}\ntables: {{ work: {{ rows: [{{ key: Service, name: West, other: Service }}, {{ key: '*', name: East, other: '9020' }}] }} }}\nevents: [{{ customer: {{ id: 7, name: Dana }} }}]",
                $"salesforce: {{ Account: {{ only: true, records: [{{ Key__c: 7, Name: '{name}', Description: '9020' }}] }} }}"),
            flow: Head + """
                parameters: { unit: servicetitan/businessUnit }
                tables: { work: { key: servicetitan/businessUnit, columns: { name: text, other: servicetitan/businessUnit } } }
                trigger: { on: servicetitan/customer.changed }
                steps:
                  - upsert: salesforce/Account
                    match: [[Key__c]]
                    set: { Key__c: =input.id, Name: '=`${params.unit} ${table("work", params.unit).name}`', Description: '=table("work", "1").other' }
                """);
        if (problem is null) Assert.True(report.Succeeded, Template.Shown(report));
        else Assert.Contains(problem, Template.Shown(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Dana", true)]
    [InlineData("Bad", false)]
    public async Task An_empty_list_of_incidents_says_that_none_may_be_open(string name, bool holds)
    {
        var report = await Template.RunAsync(
            Template.One($"events: [{{ customer: {{ id: 7, name: {name} }} }}]", "incidents: []"),
            flow: Head + """
                trigger: { on: servicetitan/customer.changed }
                steps:
                  - { warn: It is bad, key: bad, if: '=input.name === "Bad"' }
                """);
        Assert.True(report.Succeeded == holds, Template.Shown(report));
    }
}

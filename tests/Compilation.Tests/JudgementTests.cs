using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Compilation.Tests;

/// <summary>What the compiler decides about a flow as a whole.</summary>
public sealed class JudgementTests
{
    private const string Head = """
        flow: judged
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        requires:
          salesforce:
            Account: { Customer_Id__c: { type: text, length: 20, externalId: true, unique: true } }
            Contact: { Person_Key__c: { type: text, length: 80, externalId: true, unique: true } }
        trigger: { on: servicetitan/customer.changed }
        steps:

        """;

    private const string Account = """
          - id: account
            upsert: salesforce/Account
            match: [[Customer_Id__c]]
            set: { Customer_Id__c: =input.id, Name: =input.name }

        """;

    [Fact]
    public void Effects_with_a_vendor_unique_key_may_begin_anew() => Assert.True(Compile(Account).Restartable);

    [Fact]
    public void A_read_of_what_the_flow_writes_needs_checkpoints() => Assert.False(Compile(Account + """
          - id: other
            lookup: salesforce/Account
            where: { Name: =input.name }
            orElse: none
          - stop: =other?.Name ?? "none"
        """).Restartable);

    [Fact]
    public void Asking_whether_the_record_is_new_needs_checkpoints() => Assert.False(Compile(Account + """
          - stop: It is new
            if: =account.created
        """).Restartable);

    [Fact]
    public void A_second_rule_needs_checkpoints() =>
        Assert.False(Compile(Account.Replace("[[Customer_Id__c]]", "[[Customer_Id__c], [Name]]", StringComparison.Ordinal)).Restartable);

    [Fact]
    public void One_rule_on_an_external_id_goes_straight_to_the_vendor() => Assert.True(Upsert(Account).Direct);

    [Fact]
    public void What_asks_later_whether_the_record_is_new_does_not() => Assert.False(Upsert(Account + """
          - stop: It is new
            if: =account.created
        """).Direct);

    [Fact]
    public void What_asks_only_for_the_id_does() => Assert.True(Upsert(Account + "  - stop: =account.id\n").Direct);

    [Fact]
    public void What_depends_on_the_record_found_does_not() =>
        Assert.False(Upsert(Account + "    setOnUpdate: { Rating: '=found.Rating ?? \"Hot\"' }\n").Direct);

    [Fact]
    public void A_record_is_read_with_what_the_flow_reads_of_it_through_loops_and_lists()
    {
        var flow = Compile("""
              - id: lines
                query: servicetitan/customerContact
                where: { customerId: =input.id }
              - id: sorted
                map: { groups: '=list.groupBy(lines, l => l.type).map(g => ({ kind: g.key, items: g.items }))' }
              - forEach: =sorted.groups
                as: group
                do:
                  - warn: '=list.join(group.items.map(i => i.value))'
            """);

        Assert.Equal(["type", "value"], flow.Instructions.OfType<ReadInstruction>().Single().Fields);
    }

    [Fact]
    public void Parents_are_read_by_their_path_and_the_way_there_is_not()
    {
        var flow = Compile("""
              - id: contact
                lookup: salesforce/Contact
                where: { Person_Key__c: =input.id }
              - stop: =contact.Account?.Owner?.Name ?? "nobody"
                if: =contact.ReportsTo === null
            """);

        Assert.Equal(["Account.Owner.Name", "ReportsTo.Id"], flow.Instructions.OfType<ReadInstruction>().Single().Fields);
    }

    [Fact]
    public void Mistakes_of_reading_and_of_meaning_are_told_in_one_go()
    {
        var result = TestCompiler.Compile(Head + "  - lookpu: salesforce/Account\n  - stop: =inptu.id\n");

        Assert.Equal(["WF1111", "WF3004"], result.Diagnostics.Select(d => d.Code));
        Assert.Null(result.Flow);
    }

    [Fact]
    public void Who_asks_for_deleted_records_does_not_go_straight_to_the_vendor()
    {
        var upsert = Upsert(Account.Replace("set:", "onDeleted: restore\n    set:", StringComparison.Ordinal));
        Assert.Equal((PlanDeleted.Restore, false), (upsert.OnDeleted, upsert.Direct));
    }

    private static UpsertInstruction Upsert(string steps) => Compile(steps).Instructions.OfType<UpsertInstruction>().Single();

    private static CompiledFlow Compile(string steps)
    {
        var result = TestCompiler.Compile(Head + steps);
        TestReport.Clean(result.Diagnostics);
        return result.Flow!;
    }
}

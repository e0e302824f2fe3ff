using WorkflowEngine.Definitions;

namespace WorkflowEngine.FlowTesting.Tests;

/// <summary>Mistakes put into a flow one by one: some are refused, some seen by a test, and those nobody sees are named.</summary>
public sealed class MutationTests
{
    private const string Flow = """
        flow: names
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        requires:
          salesforce:
            Account: { Key__c: { type: text, length: 20, externalId: true, unique: true } }
        trigger: { on: servicetitan/customer.changed }
        steps:
          - stop: Nobody
            if: =input.name === "Nobody"
          - id: words
            map:
              title: '=`${input.name}!`'
              short: =text.truncate(words.title, 3)
          - id: account
            upsert: salesforce/Account
            match: [[Key__c]]
            set:
              Key__c: =input.id
              Name: =words.title     # said
              Description: =words.short
        """;

    private const string Tests = """
        flow: names
        tests:
          - name: a customer becomes an account
            given: { events: [{ customer: { id: 7, name: Dana } }] }
            expect: { salesforce: { Account: [{ Key__c: "7", Name: Dana! }] } }
        """;

    [Fact]
    public async Task What_no_test_looks_at_survives_what_one_looks_at_is_seen_and_what_cannot_be_is_refused()
    {
        var report = await MutationRunner.RunAsync([new SourceText("names/flow.yaml", Flow), new SourceText("names/flow.tests.yaml", Tests)], null, default);
        Assert.True(report.Tests.Succeeded);
        var fates = report.Mutants.ToDictionary(m => m.What, m => m.Fate);
        Assert.Equal(
            [
                ("account: set Description left out", MutantFate.Survived), ("account: set Key__c and Name exchanged", MutantFate.Killed), ("account: set Key__c left out", MutantFate.Refused),
                ("account: set Name and Description exchanged", MutantFate.Killed), ("account: set Name left out", MutantFate.Refused), ("stop: if turned round", MutantFate.Killed),
                ("words: map short left out", MutantFate.Refused), ("words: map title and short exchanged", MutantFate.Refused), ("words: map title left out", MutantFate.Refused),
            ],
            fates.Select(f => (f.Key, f.Value)).OrderBy(f => f.Key, StringComparer.Ordinal));
        Assert.Equal(3.0 / 4, report.Score("names"));
        Assert.Equal((19, "a customer becomes an account"), report.Mutants.Where(m => m.What == "account: set Name and Description exchanged").Select(m => (m.Line, m.By!)).Single());
    }

    [Fact]
    public async Task Tests_that_fail_already_say_nothing_about_mistakes()
    {
        var report = await MutationRunner.RunAsync([new SourceText("names/flow.yaml", Flow), new SourceText("names/flow.tests.yaml", Tests.Replace("Dana!", "Dora!", StringComparison.Ordinal))], null, default);
        Assert.False(report.Tests.Succeeded);
        Assert.Empty(report.Mutants);
    }

    [Theory]
    [InlineData("set: { A: =x, B: =y }", "A: =x", "set: {  B: =y }")]
    [InlineData("set: { A: =x, B: =y }", "B: =y", "set: { A: =x }")]
    [InlineData("set: { A: =x }", "A: =x", "set: {  }")]
    [InlineData("set:\n  A: =x   # why\n  B: =y\n", "A: =x", "set:\n  B: =y\n")]
    [InlineData("match:\n  - [A]\n  - [B]\n", "[A]", "match:\n  - [B]\n")]
    [InlineData("match: [[A], [B]]", "[A]", "match: [ [B]]")]
    [InlineData("set:\n  A: |-\n    =x +\n    y\n  B: =z", "A: |-\n    =x +\n    y", "set:\n  B: =z")]
    public void An_entry_is_taken_out_with_its_comma_or_its_lines(string text, string entry, string expected)
    {
        var source = new SourceText("x.yaml", text);
        Assert.Equal(expected, TextEdit.Apply(text, [Splice.Out(source.SpanOf(text.IndexOf(entry, StringComparison.Ordinal), entry.Length))]));
    }

    [Theory]
    [InlineData("=a > b", "=!(a > b)")]
    [InlineData("'=a ? \"x\" : b'", "'=!(a ? \"x\" : b)'")]
    [InlineData("|-\n  =a &&\n  b\n", "|-\n  =!(a &&\n  b)\n")]
    public void A_condition_is_turned_round_in_its_quotes(string text, string expected) =>
        Assert.Equal(expected, TextEdit.Apply(text, [Splice.Negate(new SourceText("x.yaml", text).SpanOf(0, text.Length))]));
}

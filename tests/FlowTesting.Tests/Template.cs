using WorkflowEngine.Definitions;

namespace WorkflowEngine.FlowTesting.Tests;

/// <summary>A small flow and tests for it, in memory.</summary>
internal static class Template
{
    private const string Flow = """
        flow: names
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        parameters:
          prefix: { type: text, default: "" }
        requires:
          salesforce:
            Account: { Key__c: { type: text, length: 20, externalId: true, unique: true } }
        trigger:
          on: servicetitan/customer.changed
          latestOnly: true
        steps:
          - stop: Nobody
            if: =input.name === "Nobody"
          - id: known
            lookup: salesforce/Account
            where: { Key__c: =input.id }
            orElse: none
          - id: account
            upsert: salesforce/Account
            match: [[Key__c]]
            set:
              Key__c: =input.id
              Name: '=`${params.prefix}${input.name}`'
              Description: '=known === null ? "new" : "known"'
        """;

    public static async Task<FlowTestReport> RunAsync(string tests, bool coverage = false, string flow = Flow, params (string Path, string Text)[] more)
    {
        SourceText[] files =
        [
            new("names/flow.yaml", flow), new("names/flow.tests.yaml", tests), .. more.Select(m => new SourceText("names/" + m.Path, m.Text)),
        ];
        return await FlowTestRunner.RunAsync(files, new FlowTestOptions { Coverage = coverage }, CancellationToken.None);
    }

    /// <summary>The text of a one-test file.</summary>
    public static string One(string given, string expect) => $"""
        flow: names
        tests:
          - name: the test
            given:
              {given.ReplaceLineEndings("\n      ")}
            expect:
              {expect.ReplaceLineEndings("\n      ")}
        """;

    public static string Changed(string from, string to) => Flow.Contains(from, StringComparison.Ordinal) ? Flow.Replace(from, to) : throw new ArgumentException(from);

    public static string Shown(FlowTestReport report) => string.Join("\n", report.Diagnostics.Select(d => d.ToString()).Concat(
        report.Tests.SelectMany(t => t.Failures).Select(f => $"{f.Place}: {f.Message} {string.Join(" | ", f.Details)}")));
}

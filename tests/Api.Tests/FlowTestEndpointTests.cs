using System.Net;
using System.Text.Json;
using WorkflowEngine.Cli;

namespace WorkflowEngine.Api.Tests;

/// <summary>Tests of flows through the API: as the command line runs them.</summary>
public sealed class FlowTestEndpointTests
{
    private static readonly string Template = Path.Combine(AppContext.BaseDirectory, "flows", "customer-to-salesforce");

    [Fact]
    public async Task Tests_beside_a_flow_pass_and_one_that_does_not_hold_is_told_at_its_line()
    {
        await using var world = await ApiWorld.StartAsync(options: o => o with { Tester = FlowTester.RunAsync });
        var flow = await File.ReadAllTextAsync(Path.Combine(Template, "flow.yaml"));
        const string Tests = """
            flow: customer-to-salesforce
            tests:
              - name: a customer becomes an account
                given: { events: [ { customer: { id: 7, name: Dana Whitfield } } ] }
                expect: { created: { salesforce/Account: 1 } }
              - name: one that is wrong
                given: { events: [ { customer: { id: 8, name: Lee Moss } } ] }
                expect:
                  created: { salesforce/Account: 2 }
            """;
        object Body(string tests, string? only) => new { files = new[] { new { path = "flow.yaml", content = flow }, new { path = "flow.tests.yaml", content = tests } }, only, coverage = true };
        var report = await world.PostAsync("/api/flows/test", Body(Tests, null));
        Assert.True((1, 1) == (report.GetProperty("passed").GetInt32(), report.GetProperty("failed").GetInt32()), report.GetRawText());
        var failed = report.GetProperty("tests").EnumerateArray().Single(t => !t.GetProperty("passed").GetBoolean());
        Assert.Equal(("one that is wrong", "flow.tests.yaml"), (failed.GetProperty("name").GetString(), failed.GetProperty("path").GetString()));
        Assert.Equal(9, failed.GetProperty("failures")[0].GetProperty("line").GetInt32());
        var coverage = report.GetProperty("coverage")[0];
        Assert.InRange(coverage.GetProperty("covered").GetInt32(), 1, coverage.GetProperty("items").GetInt32() - 1);
        Assert.Equal(1, (await world.PostAsync("/api/flows/test", Body(Tests, "becomes an account"))).GetProperty("tests").GetArrayLength());

        var mistaken = await world.PostAsync("/api/flows/test", Body(Tests.Replace("flow: customer-to-salesforce", "flow: nobody", StringComparison.Ordinal), null));
        Assert.Contains(mistaken.GetProperty("diagnostics").EnumerateArray(), d => d.GetProperty("path").GetString() == "flow.tests.yaml" && d.GetProperty("severity").GetString() == "error");
        Assert.Equal(JsonValueKind.Array, mistaken.GetProperty("tests").ValueKind);
    }

    [Fact]
    public async Task A_server_without_simulators_says_who_can_run_tests()
    {
        await using var world = await ApiWorld.StartAsync();
        var problem = await ApiWorld.ProblemAsync(
            await world.SendAsync(HttpMethod.Post, "/api/flows/test", new { files = new[] { new { path = "flow.yaml", content = Flows.Orders } } }), HttpStatusCode.NotFound, "not-found");
        Assert.Contains("flow test", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}

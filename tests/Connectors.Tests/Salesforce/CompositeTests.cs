using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Simulators;
using static WorkflowEngine.Connectors.Tests.Salesforce.ScriptedOrg;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

/// <summary>Sums of several runs share composite calls: five queries a call, each with its own answer.</summary>
public sealed class CompositeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twelve_sums_are_three_calls_and_each_asker_gets_its_own()
    {
        await using var running = await TestOrg.StartAsync(new SimulatorOptions(), Cancel);
        for (var i = 0; i < 12; i++)
        {
            for (var n = 0; n <= i; n++) running.Simulator.AddRecord("Opportunity", new Dictionary<string, object?> { ["Name"] = $"Job {i}", ["StageName"] = "Prospecting", ["CloseDate"] = "2026-03-01", ["Amount"] = 10.25m });
        }

        await using var connection = new SalesforceConnector().Connect(TestOrg.Settings(running.BaseAddress), new ConnectorContext { Time = new StepClock(), Gate = new RecordingGate(), Entities = TestOrg.Entities() });
        await connection.OpenAsync(Cancel);
        Assert.Equal(5, connection.MostItems("Opportunity", BatchKind.Aggregate));
        var before = running.Simulator.Statistics.Total;
        var answer = await connection.AggregateAsync(Sums([.. Enumerable.Range(0, 12).Select(i => $"Job {i}")]), Cancel);
        Assert.Null(answer.CallError);
        Assert.Equal((3, 3), (running.Simulator.Statistics.Total - before, answer.Calls));
        for (var i = 0; i < 12; i++)
        {
            var row = Assert.Single(answer.Items[i].Value!.Rows);
            Assert.Equal((i + 1L, 10.25m * (i + 1)), (row["count"], row["sum"]));
        }
    }

    [Fact]
    public async Task A_part_that_fails_is_its_askers_own_and_answers_are_matched_by_their_reference()
    {
        var org = new ScriptedOrg(sent => Json(
            """
            {"compositeResponse":[
              {"body":{"totalSize":1,"done":true,"records":[{"c0":30,"n":3}]},"httpHeaders":{},"httpStatusCode":200,"referenceId":"q2"},
              {"body":[{"errorCode":"QUERY_TIMEOUT","message":"Your query request was running for too long."}],"httpHeaders":{},"httpStatusCode":400,"referenceId":"q1"},
              {"body":{"totalSize":1,"done":true,"records":[{"c0":10,"n":1}]},"httpHeaders":{},"httpStatusCode":200,"referenceId":"q0"}]}
            """));
        await using var connection = org.Connect();
        var answer = await connection.AggregateAsync(Sums("A", "B", "C"), Cancel);
        Assert.Equal([10m, 30m], new[] { 0, 2 }.Select(i => answer.Items[i].Value!.Rows[0]["sum"]));
        Assert.Equal((ErrorKind.Transient, "QUERY_TIMEOUT"), (answer.Items[1].Error?.Kind, answer.Items[1].Error?.Code));
        var call = Assert.Single(org.Calls);
        using var body = JsonDocument.Parse(call.Body);
        Assert.All(body.RootElement.GetProperty("compositeRequest").EnumerateArray(), p => Assert.StartsWith("/services/data/v67.0/query?q=SELECT%20", p.GetProperty("url").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_value_that_looks_like_a_reference_to_another_part_is_asked_alone()
    {
        var org = new ScriptedOrg(sent => sent.Path.EndsWith("/composite", StringComparison.Ordinal) ? Json(Parts(2)) : Rows("""{"c0":7,"n":1}"""));
        await using var connection = org.Connect();
        var answer = await connection.AggregateAsync(Sums("A", "@{q0.records[0].c0}", "B"), Cancel);
        Assert.Equal([5m, 7m, 5m], answer.Items.Select(i => i.Value!.Rows[0]["sum"]));
        Assert.DoesNotContain(org.Calls, c => c.Path.EndsWith("/composite", StringComparison.Ordinal) && Uri.UnescapeDataString(c.Body).Contains("@{", StringComparison.Ordinal));
        Assert.Contains("'@{q0.records[0].c0}'", Assert.Single(org.Calls, c => c.Path.EndsWith("/query", StringComparison.Ordinal)).Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "API_DISABLED_FOR_COMPOSITE")]
    [InlineData(400, "INVALID_INPUT")]
    [InlineData(404, "NOT_FOUND")]
    public async Task Where_the_call_as_such_is_refused_each_sum_is_asked_alone(int status, string code)
    {
        var org = new ScriptedOrg(sent => sent.Path.EndsWith("/composite", StringComparison.Ordinal) ? ScriptedOrg.Error(code, "not here", status) : Rows("""{"c0":7,"n":1}"""));
        await using var connection = org.Connect();
        var answer = await connection.AggregateAsync(Sums("A", "B"), Cancel);
        Assert.Equal([7m, 7m], answer.Items.Select(i => i.Value!.Rows[0]["sum"]));
        Assert.Equal(3, answer.Calls);
    }

    [Fact]
    public async Task An_answer_that_lacks_a_part_never_looks_like_no_records()
    {
        var org = new ScriptedOrg(_ => Json(Parts(1)));
        await using var connection = org.Connect();
        var answer = await connection.AggregateAsync(Sums("A", "B"), Cancel);
        Assert.All(answer.Items, i => Assert.Equal((ErrorKind.Transient, "malformed"), (i.Error?.Kind, i.Error?.Code)));
    }

    private static string Parts(int count) => $$"""{"compositeResponse":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"body":{"totalSize":1,"done":true,"records":[{"c0":5,"n":1}]},"httpHeaders":{},"httpStatusCode":200,"referenceId":"q{{i}}"}"""))}}]}""";

    private static AggregateBatch Sums(params string[] names) => new()
    {
        Entity = "Opportunity",
        Conditions = [.. names.Select(n => new FieldCondition("Name", Comparison.In, [n]))],
        GroupBy = [],
        Columns = [new("sum", AggregateFunction.Sum, "Amount")],
    };
}

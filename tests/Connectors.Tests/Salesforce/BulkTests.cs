using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Salesforce.Bulk;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

public sealed class BulkTests : IAsyncLifetime
{
    private RunningSimulator<SalesforceSimulator>? _running;

    private SalesforceSimulator Org => _running!.Simulator;

    private IConnection Connection { get; set; } = null!;

    private IBulkWrites Bulk => Connection.BulkWrites!;

    private IBulkReads Reads => Connection.BulkReads!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _running = await TestOrg.StartAsync(new SimulatorOptions { BulkDelay = TimeSpan.FromMinutes(1) }, Cancel);
        Connection = new SalesforceConnector().Connect(TestOrg.Settings(_running.BaseAddress), new ConnectorContext { Time = new StepClock(), Gate = new RecordingGate(), Entities = TestOrg.Entities() });
        await Connection.OpenAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _running!.DisposeAsync();
    }

    [Fact]
    public async Task Every_bad_row_of_a_job_is_told_to_its_own_row()
    {
        var batch = Upsert(Enumerable.Range(0, 2_000).Select(i => new WriteItem
        {
            Key = $"{i}",
            Fields = new Dictionary<string, object?> { ["Name"] = i % 100 == 7 ? null : $"Customer {i}, \"{i % 3}\"\nsecond line", ["ServiceTitan_Active__c"] = i % 2 == 0 },
        }));
        var results = await RunAsync(batch);
        for (var i = 0; i < 2_000; i++)
        {
            if (i % 100 == 7)
            {
                Assert.Equal((ErrorKind.Rejected, "REQUIRED_FIELD_MISSING"), (results[i].Error!.Kind, results[i].Error!.Code));
                Assert.Equal(["Name"], results[i].Error!.Fields);
            }
            else
            {
                Assert.True(results[i].Value!.Created);
            }
        }

        var keys = Org.Records("Account", "Id", "ServiceTitan_Customer_Id__c", "Name").ToDictionary(r => r["ServiceTitan_Customer_Id__c"]!, r => r);
        Assert.Equal((1_980, "Customer 8, \"2\"\nsecond line", results[8].Value!.Id), (keys.Count, keys["8"]["Name"], keys["8"]["Id"]));
    }

    [Fact]
    public async Task What_a_row_does_not_say_stays_and_what_it_empties_is_empty()
    {
        await RunAsync(Upsert([Row("1", ("Name", "A"), ("Phone", "1"), ("Site", "x")), Row("2", ("Name", "B"), ("Phone", "2"), ("Site", "y"))]));
        var results = await RunAsync(Upsert([Row("1", ("Phone", null)), Row("2", ("Site", "z")), Row("3", ("Site", "#N/A"))]));
        Assert.Equal([("A", null, "x"), ("B", "2", "z")], Org.Records("Account", "Name", "Phone", "Site").Select(r => (r["Name"]!, r["Phone"], r["Site"]!)));
        Assert.False(results[0].Value!.Created);
        Assert.Equal("value", results[2].Error!.Code);
    }

    [Fact]
    public async Task Parents_are_named_by_their_keys_and_equal_new_rows_get_their_own_records()
    {
        await RunAsync(Upsert([Row("1", ("Name", "A"))]));
        WriteItem Contact(string last, string parent) => new() { Fields = new Dictionary<string, object?> { ["LastName"] = last, ["AccountId"] = new ParentReference("Account", "ServiceTitan_Customer_Id__c", parent) } };
        var results = await RunAsync(new WriteBatch { Entity = "Contact", Verb = WriteVerb.Create, Items = [Contact("Ruiz", "1"), Contact("Ruiz", "1"), Contact("Lee", "9")] });
        Assert.Equal(2, results.Take(2).Select(r => r.Value!.Id).Distinct().Count());
        Assert.Equal("PARENT_NOT_FOUND", results[2].Error?.Code);
        var deleted = await RunAsync(new WriteBatch { Entity = "Contact", Verb = WriteVerb.Delete, Items = [new WriteItem { Id = results[0].Value!.Id, Fields = new Dictionary<string, object?>() }] });
        Assert.True(deleted[0].Succeeded);
        Assert.Equal([results[1].Value!.Id], Org.Records("Contact", "Id").Select(r => r["Id"]));
    }

    [Fact]
    public async Task A_job_goes_on_where_it_was_when_its_sender_died()
    {
        var batch = Upsert([Row("1", ("Name", "A"))]);
        var job = (await Bulk.CreateAsync(batch, Cancel)).Value!;
        // The sender dies; another process has the job's id and the same rows.
        await using var other = new SalesforceConnector().Connect(TestOrg.Settings(_running!.BaseAddress), new ConnectorContext { Time = new StepClock(), Gate = new RecordingGate(), Entities = TestOrg.Entities() });
        await other.OpenAsync(Cancel);
        var bulk = other.BulkWrites!;
        Assert.Equal(BulkPhase.Open, (await bulk.StatusAsync(job, CallPriority.Backfill, Cancel)).Value!.Phase);
        Assert.Equal(BulkPhase.Working, (await bulk.SendAsync(job, batch, Cancel)).Value!.Phase);
        // Sent again after another crash: the job keeps its rows.
        Assert.Equal(BulkPhase.Working, (await Bulk.SendAsync(job, batch, Cancel)).Value!.Phase);
        Org.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(new BulkStatus(BulkPhase.Done, 1, 0, null), (await Bulk.StatusAsync(job, CallPriority.Backfill, Cancel)).Value);
        Assert.Equal(Assert.Single(Org.Records("Account", "Id"))["Id"], (await Bulk.ResultsAsync(job, batch, Cancel)).Value![0].Value!.Id);
    }

    [Fact]
    public async Task A_job_that_fails_as_a_whole_says_why_and_which_rows_it_left()
    {
        var batch = Upsert([Row("1", ("Name", "A"), ("Nope__c", "x"))]);
        var job = await FinishAsync(batch);
        var status = (await Bulk.StatusAsync(job, CallPriority.Backfill, Cancel)).Value!;
        Assert.Equal(BulkPhase.Failed, status.Phase);
        Assert.Contains("Nope__c", status.Problem, StringComparison.Ordinal);
        Assert.Equal("UNPROCESSED", (await Bulk.ResultsAsync(job, batch, Cancel)).Value![0].Error?.Code);
        Assert.Equal("INVALIDJOB", (await Bulk.CreateAsync(batch with { KeyField = "Name" }, Cancel)).Error?.Code);
    }

    [Fact]
    public async Task A_bulk_query_is_read_in_pages_that_can_be_read_again()
    {
        for (var i = 0; i < 5; i++) Org.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = $"N{i}, \"q\"", ["Phone"] = i == 3 ? null : "1", ["ServiceTitan_Active__c"] = i == 4 });
        var read = new BulkRead { Entity = "Account", Fields = ["Name", "Phone", "Owner.Name", "ServiceTitan_Active__c", "CreatedDate"], Condition = new FieldCondition("Name", Comparison.Like, ["N%"]) };
        var job = (await Reads.StartAsync(read, Cancel)).Value!;
        Assert.Equal(BulkPhase.Working, (await Reads.StatusAsync(job, CallPriority.Backfill, Cancel)).Value!.Phase);
        Org.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True((await Reads.StatusAsync(job, CallPriority.Backfill, Cancel)).Value!.IsOver);
        var first = (await Reads.PageAsync(job, read, null, 3, Cancel)).Value!;
        var second = (await Reads.PageAsync(job, read, first.Next, 3, Cancel)).Value!;
        Assert.Equal((3, 2, null), (first.Rows.Count, second.Rows.Count, second.Next));
        Assert.Equal((null, "N3, \"q\"", false), (second.Rows[0]["Phone"], second.Rows[0]["Name"], second.Rows[0]["ServiceTitan_Active__c"]));
        Assert.Equal("Integration User", ((IReadOnlyDictionary<string, object?>)second.Rows[0]["Owner"]!)["Name"]);
        Assert.True((bool)second.Rows[1]["ServiceTitan_Active__c"]!);
        Assert.IsType<DateTimeOffset>(second.Rows[1]["CreatedDate"]);
        // The same as a query answers.
        var asked = await Connection.ReadAsync(new ReadBatch { Entity = "Account", Fields = read.Fields, Conditions = [read.Condition] }, Cancel);
        Assert.Equivalent(asked.Items[0].Value!.Rows, first.Rows.Concat(second.Rows));
        Assert.Equivalent(second.Rows, (await Reads.PageAsync(job, read, first.Next, 3, Cancel)).Value!.Rows);
    }

    [Fact]
    public void What_a_job_cannot_do_goes_by_batches()
    {
        var batch = Upsert([]);
        Assert.Null(Bulk.Refusal(batch with { Options = new Dictionary<string, string> { ["assignmentRule"] = "01Q5e000000DanaAAA", ["duplicateRule"] = "block" } }));
        Assert.All(
            (WriteBatch[])[batch with { Verb = WriteVerb.Merge }, batch with { KeyField = null }, batch with { Options = new Dictionary<string, string> { ["assignmentRule"] = "default" } }, batch with { Options = new Dictionary<string, string> { ["duplicateRule"] = "allow" } }],
            b => Assert.Equal((ErrorKind.Misconfigured, "notSupported"), (Bulk.Refusal(b)?.Kind, Bulk.Refusal(b)?.Code)));
    }

    [Fact]
    public async Task Results_whose_answer_breaks_off_are_read_again_to_the_same_end()
    {
        var batch = new WriteBatch { Entity = "Contact", Verb = WriteVerb.Create, Items = [.. Enumerable.Range(0, 400).Select(i => new WriteItem { Fields = new Dictionary<string, object?> { ["LastName"] = $"Ruiz {i / 2}" } })] };
        var job = await FinishAsync(batch);
        Org.Faults.Add(new Simulators.Faults.FaultRule { Kind = Simulators.Faults.FaultKind.Malformed, Path = "*successfulResults*", Count = 1 });
        var results = (await Bulk.ResultsAsync(job, batch, Cancel)).Value!;
        Assert.Equal(400, results.Select(r => r.Value!.Id).Distinct().Count());
        var names = Org.Records("Contact", "Id", "LastName").ToDictionary(r => r["Id"]!, r => r["LastName"]);
        Assert.All(results.Index(), r => Assert.Equal($"Ruiz {r.Index / 2}", names[r.Item.Value!.Id]));
    }

    [Fact]
    public async Task A_job_is_stopped_and_tells_what_it_did_not_do()
    {
        var batch = Upsert([Row("1", ("Name", "A"))]);
        var job = (await Bulk.CreateAsync(batch, Cancel)).Value!;
        await Bulk.SendAsync(job, batch, Cancel);
        Assert.Equal(BulkPhase.Aborted, (await Bulk.AbortAsync(job, CallPriority.Backfill, Cancel)).Value!.Phase);
        Assert.Equal("UNPROCESSED", (await Bulk.ResultsAsync(job, batch, Cancel)).Value![0].Error?.Code);
        Assert.Empty(Org.Records("Account", "Id"));
        Assert.Equal("job", (await Bulk.StatusAsync("../../query?q=x", CallPriority.Backfill, Cancel)).Error?.Code);
    }

    [Theory]
    [InlineData("\"a\",\"b\"\n\"1\",\"\"\n", "a|b;1|")]
    [InlineData("\"a\"\r\n\"x, \"\"y\"\"\nz\"\r\n", "a;x, \"y\"\nz")]
    [InlineData("a,b,\n1,2,\n", "a|b|;1|2|")]
    [InlineData("", "")]
    [InlineData("\"a\"\n\"\"\n\"\"\"\"\n", "a;;\"")]
    public async Task Csv_is_read_as_it_was_meant(string text, string rows)
    {
        var read = new List<string>();
        await foreach (var row in CsvRows.ReadAsync(new StringReader(text), Cancel)) read.Add(string.Join('|', row));
        Assert.Equal(rows, string.Join(';', read));
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_is_no_row() => await Assert.ThrowsAsync<WorkflowEngine.Connectors.Http.RecordFormatException>(async () =>
    {
        await foreach (var _ in CsvRows.ReadAsync(new StringReader("\"a\"\n\"b"), Cancel))
        {
        }
    });

    private static WriteBatch Upsert(IEnumerable<WriteItem> items) => new() { Entity = "Account", Verb = WriteVerb.Upsert, KeyField = "ServiceTitan_Customer_Id__c", Items = [.. items] };

    private static WriteItem Row(string key, params (string Name, object? Value)[] fields) => new() { Key = key, Fields = fields.ToDictionary(f => f.Name, f => f.Value) };

    private async Task<string> FinishAsync(WriteBatch batch)
    {
        var job = await Bulk.CreateAsync(batch, Cancel);
        Assert.True(job.Succeeded, job.Error?.ToString());
        var sent = await Bulk.SendAsync(job.Value!, batch, Cancel);
        Assert.True(sent.Succeeded, sent.Error?.ToString());
        Org.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True((await Bulk.StatusAsync(job.Value!, CallPriority.Backfill, Cancel)).Value!.IsOver);
        return job.Value!;
    }

    private async Task<IReadOnlyList<Outcome<WriteResult>>> RunAsync(WriteBatch batch) => (await Bulk.ResultsAsync(await FinishAsync(batch), batch, Cancel)).Value!;
}

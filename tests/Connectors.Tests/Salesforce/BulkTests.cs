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

    private SalesforceBulk Bulk { get; set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _running = await TestOrg.StartAsync(new SimulatorOptions { BulkDelay = TimeSpan.FromMinutes(1) }, Cancel);
        Connection = new SalesforceConnector().Connect(TestOrg.Settings(_running.BaseAddress), new ConnectorContext { Time = new StepClock(), Gate = new RecordingGate(), Entities = TestOrg.Entities() });
        await Connection.OpenAsync(Cancel);
        Bulk = new SalesforceBulk(Connection);
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
        var job = (await Bulk.CreateAsync("Account", WriteVerb.Upsert, batch.KeyField, Cancel)).Value!;
        Assert.True((await Bulk.StatusAsync(job, Cancel)).Value!.IsOpen);
        Assert.Equal("UploadComplete", (await Bulk.SendAsync(job, batch, Cancel)).Value!.State);
        // Sent again after a crash: the job keeps its rows.
        Assert.Equal("InProgress", (await Bulk.SendAsync(job, batch, Cancel)).Value!.State);
        Org.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(new BulkStatus("JobComplete", 1, 0, null), (await Bulk.StatusAsync(job, Cancel)).Value);
        Assert.Single(Org.Records("Account", "Id"));
    }

    [Fact]
    public async Task A_job_that_fails_as_a_whole_says_why_and_which_rows_it_left()
    {
        var batch = Upsert([Row("1", ("Name", "A"), ("Nope__c", "x"))]);
        var job = await FinishAsync(batch);
        var status = (await Bulk.StatusAsync(job, Cancel)).Value!;
        Assert.Equal("Failed", status.State);
        Assert.Contains("Nope__c", status.Problem, StringComparison.Ordinal);
        Assert.Equal("UNPROCESSED", (await Bulk.ResultsAsync(job, batch, Cancel)).Value![0].Error?.Code);
        Assert.Equal("INVALIDJOB", (await Bulk.CreateAsync("Account", WriteVerb.Upsert, "Name", Cancel)).Error?.Code);
    }

    [Fact]
    public async Task A_bulk_query_is_read_in_pages_that_can_be_read_again()
    {
        for (var i = 0; i < 5; i++) Org.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = $"N{i}, \"q\"", ["Phone"] = i == 3 ? null : "1" });
        var job = (await Bulk.StartQueryAsync("Account", ["Name", "Phone", "Owner.Name"], new FieldCondition("Name", Comparison.Like, ["N%"]), withDeleted: false, Cancel)).Value!;
        Assert.Equal("InProgress", (await Bulk.QueryStatusAsync(job, Cancel)).Value!.State);
        Org.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True((await Bulk.QueryStatusAsync(job, Cancel)).Value!.IsDone);
        var first = (await Bulk.QueryPageAsync(job, null, 3, Cancel)).Value!;
        var second = (await Bulk.QueryPageAsync(job, first.Next, 3, Cancel)).Value!;
        Assert.Equal((3, 2, null), (first.Rows.Count, second.Rows.Count, second.Next));
        Assert.Equal((null, "N3, \"q\"", "Integration User"), (second.Rows[0]["Phone"], second.Rows[0]["Name"], second.Rows[0]["Owner.Name"]));
        Assert.Equal(second.Rows, (await Bulk.QueryPageAsync(job, first.Next, 3, Cancel)).Value!.Rows);
    }

    [Theory]
    [InlineData("\"a\",\"b\"\n\"1\",\"\"\n", "a|b;1|")]
    [InlineData("\"a\"\r\n\"x, \"\"y\"\"\nz\"\r\n", "a;x, \"y\"\nz")]
    [InlineData("a,b,\n1,2,\n", "a|b|;1|2|")]
    [InlineData("", "")]
    public void Csv_is_read_as_it_was_meant(string text, string rows) => Assert.Equal(rows, string.Join(';', CsvRows.Read(text).Select(r => string.Join('|', r))));

    private static WriteBatch Upsert(IEnumerable<WriteItem> items) => new() { Entity = "Account", Verb = WriteVerb.Upsert, KeyField = "ServiceTitan_Customer_Id__c", Items = [.. items] };

    private static WriteItem Row(string key, params (string Name, object? Value)[] fields) => new() { Key = key, Fields = fields.ToDictionary(f => f.Name, f => f.Value) };

    private async Task<string> FinishAsync(WriteBatch batch)
    {
        var job = await Bulk.CreateAsync(batch.Entity, batch.Verb, batch.KeyField, Cancel);
        Assert.True(job.Succeeded, job.Error?.ToString());
        var sent = await Bulk.SendAsync(job.Value!, batch, Cancel);
        Assert.True(sent.Succeeded, sent.Error?.ToString());
        Org.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True((await Bulk.StatusAsync(job.Value!, Cancel)).Value!.IsDone);
        return job.Value!;
    }

    private async Task<IReadOnlyList<Outcome<WriteResult>>> RunAsync(WriteBatch batch) => (await Bulk.ResultsAsync(await FinishAsync(batch), batch, Cancel)).Value!;
}

using System.Diagnostics;
using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.EndToEnd.Tests.Crashes;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.EndToEnd.Tests.Volume;

/// <summary>One job of very many rows, one in a hundred of them bad; the org is a process of its own, the connector is this one.</summary>
[Collection(AloneCollection.Name)]
public sealed class BulkVolumeTests(ITestOutputHelper output)
{
    private const string Key = "ServiceTitan_Customer_Id__c";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_by_bulk_jobs_take_no_more_memory_however_many_they_are_and_every_failure_is_told_to_its_row()
    {
        var size = VolumeSize.Or(10_000);
        await using var org = FlowProcess.Simulate(out var address);
        await PrepareAsync(org, address);
        await using var connection = new SalesforceConnector().Connect(
            new ConnectionSettings
            {
                Name = "org", Connector = "salesforce",
                Settings = new Dictionary<string, string> { ["baseAddress"] = address.GetLeftPart(UriPartial.Authority), ["allowPrivate"] = "true" },
                Secrets = new Dictionary<string, string> { ["clientId"] = SalesforceSimulator.ClientId, ["clientSecret"] = SalesforceSimulator.ClientSecret },
            },
            new ConnectorContext { Time = TimeProvider.System, Gate = new OpenGate() });
        Assert.Null((await connection.OpenAsync(Cancel)).Error);

        GC.Collect();
        await using var memory = new MemoryWatch(() => Environment.WorkingSet);
        var watch = Stopwatch.StartNew();
        var ids = await WriteAsync(connection.BulkWrites!, size);
        var written = watch.Elapsed;
        var read = await ReadAsync(connection.BulkReads!, ids);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size:N0} records by one bulk job, {size / 100:N0} of them bad, {read:N0} read back: {memory}; {written.TotalSeconds:N0} s to write, {(watch.Elapsed - written).TotalSeconds:N0} s to read"));
        Assert.True(memory.Above < VolumeSize.MostBytes, $"The connector took {VolumeSize.Megabytes(memory.Above)} above idle.");
    }

    /// <summary>Upserts all rows by one job and holds every outcome against its row.</summary>
    private static async Task<Dictionary<string, string>> WriteAsync(IBulkWrites bulk, int size)
    {
        Assert.InRange(size, bulk.LeastRows, bulk.MostRows);
        var wave = new WriteBatch { Entity = "Account", Verb = WriteVerb.Upsert, KeyField = Key, Priority = CallPriority.Backfill, Items = [.. Enumerable.Range(0, size).Select(Row)] };
        var job = (await bulk.CreateAsync(wave, Cancel)).Value!;
        var status = await bulk.SendAsync(job, wave, Cancel);
        while (status is { Succeeded: true, Value.IsOver: false })
        {
            await Task.Delay(Look, Cancel);
            status = await bulk.StatusAsync(job, CallPriority.Backfill, Cancel);
        }

        Assert.Equal(new BulkStatus(BulkPhase.Done, size, size / 100, null), status.Value);
        var results = (await bulk.ResultsAsync(job, wave, Cancel)).Value!;
        Assert.Equal(size, results.Count);
        var ids = new Dictionary<string, string>(size);
        for (var i = 0; i < size; i++)
        {
            var expected = Failure(i);
            Assert.True(expected == results[i].Error?.Code, $"row {i}: expected {expected ?? "success"}, was {results[i].Error?.Code ?? "success"}");
            if (results[i].Succeeded) ids.Add(results[i].Value!.Id, $"{i}");
        }

        return ids;
    }

    /// <summary>Reads all records by a job, page by page: each id that was told stands at the record with its key.</summary>
    private static async Task<int> ReadAsync(IBulkReads bulk, Dictionary<string, string> ids)
    {
        var read = new BulkRead { Entity = "Account", Fields = [Key, "Name"], Condition = new AllOf([]) };
        var job = (await bulk.StartAsync(read, Cancel)).Value!;
        while (!(await bulk.StatusAsync(job, CallPriority.Backfill, Cancel)).Value!.IsOver) await Task.Delay(Look, Cancel);
        var count = 0;
        for (string? place = null; ;)
        {
            var page = (await bulk.PageAsync(job, read, place, 5_000, Cancel)).Value!;
            foreach (var row in page.Rows)
            {
                Assert.Equal(ids[(string)row["Id"]!], row[Key]);
                count++;
            }

            if ((place = page.Next) is null) break;
        }

        Assert.Equal(ids.Count, count);
        return count;
    }

    private static WriteItem Row(int i)
    {
        var fields = new Dictionary<string, object?>
        {
            ["Name"] = string.Create(CultureInfo.InvariantCulture, $"Customer {i} \"{i % 7}\", Unit {i % 90}"), ["Phone"] = string.Create(CultureInfo.InvariantCulture, $"+1208{i:0000000}"),
            ["BillingStreet"] = string.Create(CultureInfo.InvariantCulture, $"{i} Main Street\nBack door"), ["BillingCity"] = "Boise", ["BillingPostalCode"] = "83702", ["Type"] = "Customer - Direct",
        };
        switch (Failure(i))
        {
            case "REQUIRED_FIELD_MISSING": fields["Name"] = null; break;
            case "STRING_TOO_LONG": fields["BillingCity"] = new string('x', 41); break;
            case "INVALID_TYPE_ON_FIELD_IN_RECORD": fields["AnnualRevenue"] = "much"; break;
        }

        return new WriteItem { Key = $"{i}", Fields = fields };
    }

    // One row in a hundred, of three kinds.
    private static string? Failure(int i) => i % 100 != 42 ? null : (i / 100 % 3) switch { 0 => "REQUIRED_FIELD_MISSING", 1 => "STRING_TOO_LONG", _ => "INVALID_TYPE_ON_FIELD_IN_RECORD" };

    private static async Task PrepareAsync(FlowProcess org, Uri address)
    {
        using var client = new HttpClient();
        while (true)
        {
            Assert.False(org.HasExited, org.Output);
            try
            {
                using var requires = new StringContent($$"""{ "Account": { "{{Key}}": { "type": "text", "length": 20, "externalId": true, "unique": true } } }""");
                using var answer = await client.PostAsync(new Uri(address, "_setup/requires"), requires, Cancel);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
            {
                await Task.Delay(Look, Cancel);
            }
        }
    }

    private sealed class OpenGate : ICallGate
    {
        public ValueTask<OperationError?> EnterAsync(CallPriority priority, CancellationToken cancellationToken) => ValueTask.FromResult<OperationError?>(null);

        public void Observe(long used, long limit)
        {
        }

        public void Pause(TimeSpan pause)
        {
        }
    }
}

using WorkflowEngine.Abstractions;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Connectors.Tests.ServiceTitan.TestTenant;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

public sealed class ServiceTitanFeedbackTests : ServiceTitanTest
{
    private static readonly SourceCursor Beginning = new(null, null);

    [Fact]
    public async Task A_rating_is_one_per_technician_and_job_and_is_overwritten()
    {
        Job();
        var made = (await WriteAsync("technicianRating", WriteVerb.Create, null, ("technicianId", "3044"), ("jobId", "77"), ("rating", 2.0))).Value!;
        Assert.Equal("3044/77", made.Id);
        await WriteAsync("technicianRating", WriteVerb.Create, null, ("technicianId", "3044"), ("jobId", "77"), ("rating", 9.0));
        Assert.Equal(9.0, Assert.Single(await RowsAsync(Read("technicianRating", Is("id", "3044/77"))))["rating"]);
        var row = Assert.Single((await PageAsync("technicianRating", "technicianRatings", Beginning)).Rows);
        Assert.Equal(("3044/77", 9.0), (row.RecordId, row.Record!["rating"]));
        Assert.Equal("404", (await WriteAsync("technicianRating", WriteVerb.Create, null, ("technicianId", "3044"), ("jobId", "5"), ("rating", 2.0))).Error?.Code);
        Assert.Equal("400", (await WriteAsync("technicianRating", WriteVerb.Create, null, ("technicianId", "3044"), ("jobId", "77"), ("rating", 11.0))).Error?.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reviews_are_polled_with_an_overlap_whether_or_not_they_tell_their_times(bool times)
    {
        await using var running = await SimulatorHost.StartAsync(new ServiceTitanSimulator(new SimulatorOptions { Rate = 0, ReviewTimes = times }), Cancel);
        await using var connection = new WorkflowEngine.ServiceTitan.ServiceTitanConnector().Connect(TestTenant.Settings(running.BaseAddress), new ConnectorContext { Time = Clock, Gate = Gate, Seed = 1 });
        Review(running.Simulator, 660145, 2);
        var first = await PageAsync("review", "reviews", Beginning, connection);
        Assert.Equal(["660145"], first.Rows.Select(r => r.RecordId));
        Assert.Equal(times, first.Rows[0].Version is not null);
        Assert.Equal(2.0, first.Rows[0].Record!["rating"]);

        // Within the overlap it comes again, as it was.
        running.Simulator.Clock.Advance(TimeSpan.FromMinutes(5));
        var again = await PageAsync("review", "reviews", first.Cursor, connection);
        Assert.Equal(["660145"], again.Rows.Select(r => r.RecordId));

        running.Simulator.Clock.Advance(TimeSpan.FromHours(1));
        Review(running.Simulator, 660146, 5);
        var later = await PageAsync("review", "reviews", again.Cursor, connection);
        Assert.Contains("660146", later.Rows.Select(r => r.RecordId));
        running.Simulator.Clock.Advance(TimeSpan.FromHours(1));
        Review(running.Simulator, 660146, 4);
        var last = await PageAsync("review", "reviews", later.Cursor, connection);
        Assert.Equal(["660146"], last.Rows.Select(r => r.RecordId));
    }

    [Fact]
    public async Task A_polled_list_of_several_pages_moves_its_stamp_only_at_the_end()
    {
        for (var i = 0; i < 501; i++) Put("jobTypes", 5000 + i, ("name", $"Type {i}"));
        var first = await PageAsync("jobType", "jobTypes", Beginning);
        Assert.Equal((true, 500, (DateTimeOffset?)null), (first.HasMore, first.Rows.Count, first.Cursor.HighWater));
        var second = await PageAsync("jobType", "jobTypes", first.Cursor);
        Assert.Equal((false, 1), (second.HasMore, second.Rows.Count));
        Assert.NotNull(second.Cursor.HighWater);
        Assert.Null(second.Cursor.Token);
    }

    [Fact]
    public async Task Low_reviews_are_found_by_their_rating()
    {
        Review(Simulator, 1, 2);
        Review(Simulator, 2, 5);
        var rows = await RowsAsync(Read("review", new FieldCondition("rating", Comparison.LessOrEqual, [3.0])));
        Assert.Equal("1", Assert.Single(rows)["internalId"]);
    }

    [Fact]
    public async Task A_merged_customer_names_who_survived_all_merges()
    {
        var (a, b, c) = (Add(new CustomerSeed { Name = "A" }), Add(new CustomerSeed { Name = "B" }), Add(new CustomerSeed { Name = "C" }));
        Simulator.MergeCustomers(a, b);
        Simulator.MergeCustomers(b, c);
        var rows = await RowsAsync(Read("customer", Is("id", Text(a), Text(b), Text(c))) with { IncludeInactive = true });
        Assert.All(rows, r => Assert.Equal(Text(c), r["survivorId"]));
        Assert.Equal(Text(b), rows.Single(r => (string?)r["id"] == Text(a))["mergedToId"]);
        var feed = (await PageAsync("customer", "customers", Beginning)).Rows;
        Assert.Equal(Text(c), feed.Single(r => r.RecordId == Text(c)).Record!["survivorId"]);
        Assert.Null(feed.Single(r => r.RecordId == Text(a)).Record);
    }

    [Fact]
    public async Task A_flow_that_does_not_ask_for_the_survivor_pays_no_call_for_it()
    {
        var (a, b) = (Add(new CustomerSeed { Name = "A" }), Add(new CustomerSeed { Name = "B" }));
        Simulator.MergeCustomers(a, b);
        await Connection.OpenAsync(Cancel);
        var answer = await Connection.ReadAsync(CustomersById([Text(a)]) with { IncludeInactive = true }, Cancel);
        Assert.Equal((1, Text(b)), (answer.Calls, answer.Items[0].Value!.Rows[0]["mergedToId"]));
    }

    [Fact]
    public async Task Merges_that_run_in_a_ring_have_no_survivor()
    {
        var (a, b) = (Add(new CustomerSeed { Name = "A" }), Add(new CustomerSeed { Name = "B" }));
        Simulator.MergeCustomers(a, b);
        Simulator.MergeCustomers(b, a);
        Assert.All(await RowsAsync(Read("customer", Is("id", Text(a), Text(b))) with { IncludeInactive = true }), r => Assert.Null(r["survivorId"]));
    }

    [Fact]
    public async Task A_path_that_is_not_published_is_told_from_a_missing_record()
    {
        Job();
        Simulator.Faults.Add(new Simulators.Faults.FaultRule { Kind = Simulators.Faults.FaultKind.Malformed, Path = "*/complete", Status = 404, Body = """{ "statusCode": 404, "message": "Unable to match incoming request to an operation." }""" });
        var gone = (await CallAsync("job.complete", ("id", "77"), ("completedOn", DateTimeOffset.UnixEpoch))).Error!;
        Assert.Equal((ErrorKind.Misconfigured, "notPublished"), (gone.Kind, gone.Code));
        var missing = (await CallAsync("job.hold", ("id", "5"), ("reasonId", "21"), ("memo", "x"))).Error!;
        Assert.Equal((ErrorKind.Rejected, "404"), (missing.Kind, missing.Code));
    }

    [Theory]
    [InlineData("job", "jobs", "77")]
    [InlineData("appointment", "appointments", null)]
    [InlineData("appointmentAssignment", "appointmentAssignments", null)]
    [InlineData("location", "locations", null)]
    [InlineData("technician", "technicians", null)]
    [InlineData("employee", "employees", "501")]
    [InlineData("businessUnit", "businessUnits", "9020")]
    [InlineData("tagType", "tagTypes", "771")]
    [InlineData("invoice", "invoices", null)]
    [InlineData("campaign", "campaigns", "655")]
    public async Task A_feed_hints_at_every_record_and_each_can_be_read(string entity, string feed, string? id)
    {
        Job();
        var rows = new List<SourceRow>();
        var cursor = Beginning;
        for (var more = true; more;)
        {
            var page = await PageAsync(entity, feed, cursor);
            (cursor, more) = (page.Cursor, page.HasMore);
            rows.AddRange(page.Rows);
        }

        Assert.NotEmpty(rows);
        if (id is not null) Assert.Contains(id, rows.Select(r => r.RecordId));
        var read = await RowsAsync(Read(entity, Is("id", [.. rows.Select(r => r.RecordId)])) with { IncludeInactive = true });
        Assert.Equal(rows.Select(r => r.RecordId).Order(), read.Select(r => (string)r["id"]!).Order());
    }

    private static void Review(ServiceTitanSimulator simulator, long internalId, int rating) =>
        simulator.PutRecord("reviews", new Dictionary<string, object?> { ["internalId"] = internalId, ["platform"] = "Google", ["rating"] = rating, ["review"] = "Came late." });

    private void Job()
    {
        SetUp();
        Add(new CustomerSeed { Id = 48, Name = "Dana" });
        Put("jobs", 77, ("customerId", 48), ("jobTypeId", 1187), ("appointments", new[] { new { start = "2026-10-05T15:00:00Z", end = "2026-10-05T17:00:00Z", technicianIds = new[] { 3044 } } }));
    }

    private async Task<SourcePage> PageAsync(string entity, string feed, SourceCursor cursor, IConnection? connection = null)
    {
        var outcome = await (connection ?? Connection).PollAsync(new PollRequest { Entity = entity, Feed = feed, Cursor = cursor }, Cancel);
        Assert.Null(outcome.Error);
        return outcome.Value!;
    }
}

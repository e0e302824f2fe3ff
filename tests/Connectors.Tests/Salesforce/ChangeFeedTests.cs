using Avro;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Salesforce.Streams;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

/// <summary>Changes by change events: over TLS, from the simulated org. The connection runs on the real clock, because its waits end with the next event.</summary>
public sealed class ChangeFeedTests : IAsyncLifetime
{
    private RunningSimulator<SalesforceSimulator>? _running;

    private SalesforceSimulator Org => _running!.Simulator;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _running = await TestOrg.StartAsync(new SimulatorOptions { PubSubPort = 0, PubSubKeepAlive = TimeSpan.FromMilliseconds(200), MostChangeEvents = 50, TokenLifetime = TimeSpan.FromDays(30) }, Cancel);

    public async ValueTask DisposeAsync() => await _running!.DisposeAsync();

    [Fact]
    public async Task What_changes_after_the_look_back_comes_by_event_with_its_place()
    {
        var before = Add("Ann");
        await using var connection = Connect();
        var (rows, cursor) = await Until(connection, new SourceCursor(null, Start), before);
        Assert.NotNull(rows[0].Record);

        var after = Add("Bea");
        (rows, cursor) = await Until(connection, cursor, after);
        Assert.Null(rows[^1].Record);
        Assert.StartsWith("replay ", cursor.Token, StringComparison.Ordinal);
        Assert.True(cursor.HighWater > Start);
    }

    [Fact]
    public async Task What_changes_after_the_look_back_and_before_the_vendor_takes_the_subscription_is_told()
    {
        Org.Faults.Add(new FaultRule { Kind = FaultKind.Slow, Path = "*/Subscribe", DelayMs = 1_500 });
        await using var connection = Connect();
        await connection.OpenAsync(Cancel);
        var look = await connection.PollAsync(new PollRequest { Entity = "Contact", Feed = "modified", Cursor = new SourceCursor(null, Start) }, Cancel);
        Assert.Empty(look.Value!.Rows);
        // The subscription was sent, but will begin behind this.
        var between = Add("Ann");
        var (_, cursor) = await Until(connection, look.Value.Cursor, between);
        await Until(connection, cursor, Add("Bea"));
    }

    [Theory]
    [InlineData(FaultKind.Unavailable, ErrorKind.Transient)]
    [InlineData(FaultKind.ExpiredToken, ErrorKind.Authentication)]
    [InlineData(FaultKind.Quota, null)]
    public async Task While_the_event_service_refuses_changes_come_by_looking_back(FaultKind fault, ErrorKind? told)
    {
        var rule = Org.Faults.Add(new FaultRule { Kind = fault, Path = "*/Subscribe" });
        await using var connection = Connect();
        await connection.OpenAsync(Cancel);
        var (cursor, rows, errors) = (new SourceCursor(null, Start), new List<string>(), new List<ErrorKind>());
        foreach (var name in (string[])["Ann", "Bea", "Cid"])
        {
            rows.Clear();
            var id = Add(name);
            for (var i = 0; i < 20 && !rows.Contains(id); i++)
            {
                var page = await connection.PollAsync(new PollRequest { Entity = "Contact", Feed = "modified", Cursor = cursor }, Cancel);
                if (page.Error is { } error) errors.Add(error.Kind);
                else cursor = page.Value!.Cursor;
                rows.AddRange(page.Value?.Rows.Select(r => r.RecordId) ?? []);
            }

            Assert.Contains(id, rows);
        }

        Assert.All(errors, kind => Assert.Equal(told, kind));
        Assert.Equal(told is not null, errors.Count > 0);
        Org.Faults.Remove(rule);
        // A refused allowance is not tried again for a while.
        if (told is null) return;
        for (var i = 0; i < 5 && (await connection.PollAsync(new PollRequest { Entity = "Contact", Feed = "modified", Cursor = cursor }, Cancel)).Error is not null; i++)
        {
        }

        (_, cursor) = await Until(connection, cursor, Add("Dan"));
        (_, cursor) = await Until(connection, cursor, Add("Eve"));
        Assert.StartsWith("replay ", cursor.Token, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscription_passes_the_budget_and_waits_for_room_in_it()
    {
        var gate = new RecordingGate();
        await using var connection = Connect(gate);
        await connection.OpenAsync(Cancel);
        gate.Refusal = new OperationError(ErrorKind.Quota, "quota", "Nothing left today.") { RetryAfter = TimeSpan.FromHours(1) };
        var refused = await connection.PollAsync(new PollRequest { Entity = "Contact", Feed = "modified", Cursor = new SourceCursor(null, Start) }, Cancel);
        Assert.Equal(ErrorKind.Quota, refused.Error?.Kind);
        gate.Refusal = null;
        var (_, cursor) = await Until(connection, new SourceCursor(null, Start), Add("Ann"));
        gate.Entered.Clear();
        await Until(connection, cursor, Add("Bea"));
        // The stream was open: only the schema of its first event was asked for, and the token of the opening.
        Assert.InRange(gate.Entered.Count, 1, 2);
    }

    [Fact]
    public async Task A_stored_place_goes_on_behind_it_in_another_process()
    {
        SourceCursor cursor;
        await using (var first = Connect())
        {
            (_, cursor) = await Until(first, new SourceCursor(null, Start), Add("Ann"));
            (_, cursor) = await Until(first, cursor, Add("Bea"));
        }

        var missed = Add("Cid");
        await using var second = Connect();
        var (rows, _) = await Until(second, cursor, missed);
        Assert.Equal([missed], rows.Select(r => r.RecordId));
    }

    [Fact]
    public async Task A_place_that_is_too_old_falls_back_to_the_stamp()
    {
        SourceCursor cursor;
        await using (var first = Connect())
        {
            (_, cursor) = await Until(first, new SourceCursor(null, Start), Add("Ann"));
            (_, cursor) = await Until(first, cursor, Add("Bea"));
        }

        var missed = Add("Cid");
        Org.Clock.Advance(TimeSpan.FromHours(80));
        await using var second = Connect();
        (_, cursor) = await Until(second, cursor, missed);
        var live = Add("Dan");
        (_, cursor) = await Until(second, cursor, live);
        Assert.StartsWith("replay ", cursor.Token, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_overflow_is_made_good_by_looking_back()
    {
        await using var connection = Connect();
        var (_, cursor) = await Until(connection, new SourceCursor(null, Start), Add("Ann"));
        (_, cursor) = await Until(connection, cursor, Add("Bea"));
        // More than fifty records in one call: one event without names.
        var made = await connection.WriteAsync(new WriteBatch { Entity = "Contact", Verb = WriteVerb.Create, Items = [.. Enumerable.Range(0, 60).Select(i => new WriteItem { Fields = new Dictionary<string, object?> { ["LastName"] = $"L{i}" } })] }, Cancel);
        await Until(connection, cursor, [.. made.Items.Select(i => i.Value!.Id)]);
    }

    [Fact]
    public async Task A_gap_that_names_its_record_is_a_hint_and_deletions_and_stamps_are_none()
    {
        var id = Add("Ann");
        await using var connection = Connect();
        var (_, cursor) = await Until(connection, new SourceCursor(null, Start), id);
        Org.AddGap("Contact", "GAP_UPDATE", id);
        var (rows, next) = await Until(connection, cursor, id);
        Assert.Single(rows);

        var gone = Add("Bea");
        (_, next) = await Until(connection, next, gone);
        await connection.WriteAsync(new WriteBatch { Entity = "Contact", Verb = WriteVerb.Delete, Items = [new WriteItem { Id = gone, Fields = new Dictionary<string, object?>() }] }, Cancel);
        var last = Add("Cid");
        (rows, _) = await Until(connection, next, last);
        Assert.Equal([last], rows.Select(r => r.RecordId));
    }

    [Fact]
    public async Task A_field_more_in_mid_stream_is_another_schema_and_no_trouble()
    {
        await using var connection = Connect();
        var (_, cursor) = await Until(connection, new SourceCursor(null, Start), Add("Ann"));
        (_, cursor) = await Until(connection, cursor, Add("Bea"));
        using var more = System.Text.Json.JsonDocument.Parse("""{ "Contact": { "Later__c": { "type": "number" } } }""");
        Org.AddRequired(more.RootElement);
        var id = Org.AddRecord("Contact", new Dictionary<string, object?> { ["LastName"] = "Cid", ["Later__c"] = 5, ["MailingCity"] = "Boise" });
        await Until(connection, cursor, id);
    }

    [Fact]
    public async Task An_object_without_events_is_misconfigured()
    {
        await using var connection = Connect();
        var cursor = new SourceCursor("replay AAAAAAAAAAE=", Start);
        for (var i = 0; i < 20; i++)
        {
            var page = await connection.PollAsync(new PollRequest { Entity = "Nope__c", Feed = "modified", Cursor = cursor }, Cancel);
            if (page.Error is not { } error) continue;
            Assert.Equal(ErrorKind.Misconfigured, error.Kind);
            return;
        }

        Assert.Fail("the unknown topic was not noticed");
    }

    [Fact]
    public void Bitmaps_name_fields_from_the_least_bit_on()
    {
        // The official sample: field 0 is the header, 4 the billing address, 11 Industry, 22 LastModifiedDate.
        var fields = Enumerable.Range(1, 22).Select(i => i == 4
            ? """{"name":"BillingAddress","type":["null",{"type":"record","name":"Address","fields":[{"name":"Street","type":["null","string"]},{"name":"City","type":["null","string"]}]}]}"""
            : $$"""{"name":"F{{i}}","type":["null","string"]}""");
        var schema = (RecordSchema)Schema.Parse($$"""{"type":"record","name":"E","fields":[{"name":"ChangeEventHeader","type":"string"},{{string.Join(',', fields)}}]}""");
        Assert.Equal(["F22", "BillingAddress.Street"], FieldBitmap.Names(schema, ["0x400000", "4-0x01"]));
        Assert.Equal(["F11", "F22"], FieldBitmap.Names(schema, ["0x400800"]));
        Assert.Empty(FieldBitmap.Names(schema, ["", "0x", "zz", "9-0x01", "99-0x01", "0xG", "0xF00000000000"]));
    }

    private static DateTimeOffset Start { get; } = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private IConnection Connect(RecordingGate? gate = null) => new SalesforceConnector().Connect(
        TestOrg.Settings(_running!.BaseAddress, null, ("changes", "events"), ("pubSubAddress", _running.SecureAddress!.GetLeftPart(UriPartial.Authority)), ("pubSubCertificate", _running.Certificate!), ("pollOverlap", "1")),
        new ConnectorContext { Time = TimeProvider.System, Gate = gate ?? new RecordingGate(), Entities = TestOrg.Entities() });

    private string Add(string last) => Org.AddRecord("Contact", new Dictionary<string, object?> { ["LastName"] = last });

    /// <summary>Polls until all ids have been hinted at.</summary>
    private static async Task<(List<SourceRow> Rows, SourceCursor Cursor)> Until(IConnection connection, SourceCursor cursor, params string[] ids)
    {
        await connection.OpenAsync(Cancel);
        var rows = new List<SourceRow>();
        for (var i = 0; i < 40; i++)
        {
            var page = await connection.PollAsync(new PollRequest { Entity = "Contact", Feed = "modified", Cursor = cursor }, Cancel);
            Assert.True(page.Succeeded, page.Error?.ToString());
            cursor = page.Value!.Cursor;
            rows.AddRange(page.Value.Rows);
            // A look back is finished before anything else is judged.
            if (ids.All(id => rows.Exists(r => r.RecordId == id)) && !page.Value.HasMore) return (rows, cursor);
        }

        Assert.Fail($"never told: {string.Join(", ", ids.Where(id => !rows.Exists(r => r.RecordId == id)))}");
        return default;
    }
}

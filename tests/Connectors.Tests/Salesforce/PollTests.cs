using WorkflowEngine.Abstractions;
using static WorkflowEngine.Connectors.Tests.Salesforce.ScriptedOrg;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

public sealed class PollTests
{
    [Fact]
    public async Task A_poll_begins_at_the_stamp_and_ends_a_look_back_before_now()
    {
        var org = new ScriptedOrg(sent => IsDescribe(sent) ? Described() : Rows("""{"Id":"006000000000001AAA","SystemModstamp":"2026-03-14T11:59:30.000+0000","IsWon":true,"Amount":5.10}"""));
        await using var connection = org.Connect();
        var page = (await connection.PollAsync(Request(new SourceCursor(null, org.Time.GetUtcNow().AddHours(-1))), default)).Value!;

        Assert.Contains(" FROM Opportunity WHERE SystemModstamp >= 2026-03-14T11:00:00Z ORDER BY SystemModstamp, Id LIMIT 2000", Asked(org), StringComparison.Ordinal);
        var row = Assert.Single(page.Rows);
        Assert.Equal(("006000000000001AAA", "2026-03-14T11:59:30.0000000Z"), (row.RecordId, row.Version));
        Assert.Equal(5.10m, row.Record!["Amount"]);
        Assert.False(page.HasMore);
        Assert.Equal(new SourceCursor(null, org.Time.GetUtcNow().AddSeconds(-60)), page.Cursor);
    }

    [Fact]
    public async Task What_changes_in_the_very_second_of_the_stamp_is_asked_for_because_the_vendor_stamps_whole_seconds()
    {
        var org = new ScriptedOrg(sent => IsDescribe(sent) ? Described() : Rows());
        await using var connection = org.Connect();
        Assert.True((await connection.PollAsync(Request(new SourceCursor(null, new DateTimeOffset(2026, 3, 14, 11, 0, 0, 734, TimeSpan.Zero))), default)).Succeeded);
        Assert.Contains(" WHERE SystemModstamp >= 2026-03-14T11:00:00Z ", Asked(org), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_of_ours_that_runs_ahead_skips_nothing()
    {
        var org = new ScriptedOrg(sent =>
        {
            if (IsDescribe(sent)) return Described();
            var rows = Rows();
            rows.Headers.Date = new DateTimeOffset(2026, 3, 14, 11, 30, 0, TimeSpan.Zero);
            return rows;
        });
        await using var connection = org.Connect();
        var page = (await connection.PollAsync(Request(new SourceCursor(null, new DateTimeOffset(2026, 3, 14, 11, 0, 0, TimeSpan.Zero))), default)).Value!;
        Assert.Equal(new DateTimeOffset(2026, 3, 14, 11, 29, 0, TimeSpan.Zero), page.Cursor.HighWater);
    }

    [Fact]
    public async Task A_full_page_goes_on_behind_its_last_row_even_within_one_second()
    {
        var org = new ScriptedOrg(sent => IsDescribe(sent) ? Described() : sent.Query.Contains(" OR ", StringComparison.Ordinal)
            ? Rows("""{"Id":"006000000009999AAA","SystemModstamp":"2026-03-14T11:00:05.000+0000"}""")
            : Rows([.. Enumerable.Range(0, 2000).Select(i => $$"""{"Id":"006{{i:D12}}AAA","SystemModstamp":"2026-03-14T11:00:05.000+0000"}""")]));
        await using var connection = org.Connect();
        var start = new SourceCursor(null, org.Time.GetUtcNow().AddHours(-1));
        var first = (await connection.PollAsync(Request(start), default)).Value!;
        org.Time.Advance(TimeSpan.FromMinutes(10));
        var second = (await connection.PollAsync(Request(first.Cursor), default)).Value!;

        Assert.True(first.HasMore);
        Assert.Equal(start.HighWater, first.Cursor.HighWater);
        Assert.Contains("WHERE SystemModstamp > 2026-03-14T11:00:05Z OR (SystemModstamp = 2026-03-14T11:00:05Z AND Id > '006000000001999AAA') ORDER BY", Asked(org), StringComparison.Ordinal);
        Assert.False(second.HasMore);
        // What was surely visible when the drain began, not when it ended.
        Assert.Equal(new SourceCursor(null, new DateTimeOffset(2026, 3, 14, 11, 59, 0, TimeSpan.Zero)), second.Cursor);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("a|b|c")]
    [InlineData("2026-03-14|2026-03-14|x' OR Id != '")]
    public async Task A_dead_token_falls_back_to_the_stamp(string token)
    {
        var org = new ScriptedOrg(sent => IsDescribe(sent) ? Described() : Rows());
        await using var connection = org.Connect();
        Assert.True((await connection.PollAsync(Request(new SourceCursor(token, org.Time.GetUtcNow().AddHours(-1))), default)).Succeeded);
        Assert.Contains("WHERE SystemModstamp >= 2026-03-14T11:00:00Z ORDER BY", Asked(org), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_that_does_not_exist_is_misconfigured()
    {
        var org = new ScriptedOrg(sent => IsDescribe(sent) ? Described() : Rows());
        await using var connection = org.Connect();
        Assert.Equal(ErrorKind.Misconfigured, (await connection.PollAsync(Request(new SourceCursor(null, null)) with { Feed = "stream" }, default)).Error?.Kind);
    }

    [Fact]
    public async Task Only_fields_the_org_shows_are_asked_for_and_it_is_asked_once()
    {
        var org = new ScriptedOrg(sent => IsDescribe(sent) ? Described() : Rows());
        await using var connection = org.Connect();
        await connection.PollAsync(Request(new SourceCursor(null, null)), default);
        await connection.PollAsync(Request(new SourceCursor(null, null)), default);

        Assert.StartsWith("SELECT Id, SystemModstamp, Amount, IsWon FROM", Asked(org), StringComparison.Ordinal);
        Assert.Single(org.Calls, IsDescribe);
    }

    [Fact]
    public async Task The_stamp_never_passes_what_the_vendor_vouches_for_and_stays_where_it_says_nothing()
    {
        var answer = (Func<HttpResponseMessage>)(() => Json("""{"ids":["006000000000001AAA"],"latestDateCovered":"2026-03-14T11:41:00.000+0000"}"""));
        var org = new ScriptedOrg(sent => IsDescribe(sent) ? Described() : sent.Path.EndsWith("/updated/", StringComparison.Ordinal) ? answer()
            : Rows("""{"Id":"006000000000001AAA","SystemModstamp":"2026-03-14T11:59:30.000+0000","IsWon":true,"Amount":5.10}"""));
        await using var connection = org.Connect();
        var cursor = new SourceCursor(null, org.Time.GetUtcNow().AddHours(-1));
        cursor = (await connection.PollAsync(Request(cursor), default)).Value!.Cursor;
        // A transaction has been open since 11:41.
        Assert.Equal(new DateTimeOffset(2026, 3, 14, 11, 41, 0, TimeSpan.Zero), cursor.HighWater);
        Assert.Equal("?start=2026-03-14T11%3A00%3A00%2B00%3A00&end=2026-03-14T12%3A00%3A00%2B00%3A00", org.Calls.Last().Query);

        org.Time.Advance(TimeSpan.FromMinutes(5));
        answer = () => Error("SERVER_UNAVAILABLE", "later", 503);
        Assert.Equal(cursor.HighWater, (await connection.PollAsync(Request(cursor), default)).Value!.Cursor.HighWater);
        answer = () => Error("NOT_FOUND", "The requested resource does not exist", 404);
        Assert.Equal(org.Time.GetUtcNow().AddSeconds(-60), (await connection.PollAsync(Request(cursor), default)).Value!.Cursor.HighWater);
        var calls = org.Calls.Count();
        await connection.PollAsync(Request(cursor), default);
        Assert.Equal(calls + 1, org.Calls.Count());
    }

    private static string Asked(ScriptedOrg org) => org.Calls.Last(c => c.Path.Contains("/query", StringComparison.Ordinal)).Query;

    private static bool IsDescribe(SentRequest sent) => sent.Path.EndsWith("/describe", StringComparison.Ordinal);

    private static HttpResponseMessage Described() => Json("""
        {"name":"Opportunity","fields":[{"name":"Id","type":"id"},{"name":"SystemModstamp","type":"datetime"},{"name":"Amount","type":"currency"},{"name":"IsWon","type":"boolean"},{"name":"Unknown__c","type":"string"}]}
        """);

    private static PollRequest Request(SourceCursor cursor) => new() { Entity = "Opportunity", Feed = "modified", Cursor = cursor };
}

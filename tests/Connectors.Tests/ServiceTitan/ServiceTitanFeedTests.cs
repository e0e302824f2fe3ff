using WorkflowEngine.Abstractions;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

public sealed class ServiceTitanFeedTests : ServiceTitanTest
{
    private static readonly SourceCursor Beginning = new(null, null);

    [Fact]
    public async Task A_feed_is_read_page_by_page_and_goes_on_where_it_stopped()
    {
        var ids = Enumerable.Range(0, 7).Select(i => Id(new CustomerSeed { Name = $"C{i}" })).ToList();
        var (seen, cursor, pages) = (new List<string>(), Beginning, 0);
        SourcePage page;
        do
        {
            page = await PageAsync("customers", cursor);
            seen.AddRange(page.Rows.Select(r => r.RecordId));
            cursor = page.Cursor;
            pages++;
        }
        while (page.HasMore);
        Assert.Equal(3, pages);
        Assert.Equal(ids, seen);

        var late = Id(new CustomerSeed { Name = "Late" });
        // A fresh connection has nothing but the stored cursor.
        await using var restarted = Connect();
        var next = (await restarted.PollAsync(Request("customers", cursor), Cancel)).Value!;
        Assert.Equal([late], next.Rows.Select(r => r.RecordId));
    }

    [Fact]
    public async Task A_row_carries_the_whole_record_and_a_version_that_sorts()
    {
        Add(new CustomerSeed { Name = "Dana", Address = Address.None with { Zip = "83702" } });
        var row = Assert.Single((await PageAsync("customers", Beginning)).Rows);
        Assert.Equal("Dana", row.Record!["name"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$", row.Version);
        Assert.False(row.Record.ContainsKey("external"));
    }

    [Fact]
    public async Task With_external_data_of_our_own_the_record_is_read_instead()
    {
        Add(new CustomerSeed { Name = "Dana" });
        await using var connection = Connect(("applicationGuid", TestTenant.ApplicationGuid));
        var row = Assert.Single((await connection.PollAsync(Request("customers", Beginning), Cancel)).Value!.Rows);
        Assert.Null(row.Record);
        Assert.NotNull(row.Version);
    }

    [Fact]
    public async Task A_changed_contact_line_hints_at_its_customer()
    {
        var customer = Add(new CustomerSeed { Name = "Dana", Contacts = [new("Email", "dana@example.com")] });
        var cursor = (await PageAsync("customerContacts", Beginning)).Cursor;
        Simulator.SetContact(customer, "Email", "dana.whitfield@example.com");
        var row = Assert.Single((await PageAsync("customerContacts", cursor)).Rows);
        Assert.Equal((Text(customer), null, null), (row.RecordId, row.Record, row.Version));
    }

    [Fact]
    public async Task A_dead_token_falls_back_to_the_time_up_to_which_rows_are_known()
    {
        Add(new CustomerSeed { Name = "Old" });
        var cursor = (await PageAsync("customers", Beginning)).Cursor;
        Simulator.Clock.Advance(TimeSpan.FromMinutes(1));
        var fresh = Id(new CustomerSeed { Name = "Fresh" });
        var page = await PageAsync("customers", cursor with { Token = "no-such-token" });
        Assert.Contains(fresh, page.Rows.Select(r => r.RecordId));
        Assert.NotEqual("no-such-token", page.Cursor.Token);
    }

    [Fact]
    public async Task The_first_position_is_a_date()
    {
        Add(new CustomerSeed { Name = "Old" });
        Simulator.Clock.Advance(TimeSpan.FromMinutes(1));
        var since = Simulator.Clock.GetUtcNow();
        var fresh = Id(new CustomerSeed { Name = "Fresh" });
        Assert.Equal([fresh], (await PageAsync("customers", new SourceCursor(null, since))).Rows.Select(r => r.RecordId));
    }

    [Fact]
    public async Task A_drained_feed_pauses_as_the_connection_says_and_a_full_one_does_not()
    {
        for (var i = 0; i < 4; i++) Add(new CustomerSeed { Name = $"C{i}" });
        await using var connection = Connect(("feedPause", "240"));
        var first = (await connection.PollAsync(Request("customers", Beginning), Cancel)).Value!;
        Assert.Equal((true, null), (first.HasMore, first.Pause));
        var last = (await connection.PollAsync(Request("customers", first.Cursor), Cancel)).Value!;
        Assert.Equal((false, TimeSpan.FromMinutes(4)), (last.HasMore, last.Pause));
    }

    [Fact]
    public async Task A_feed_left_out_of_the_settings_is_empty_and_makes_no_call()
    {
        await using var connection = Connect(("feeds", "customers"));
        var before = Simulator.Statistics.Total;
        var page = (await connection.PollAsync(Request("customerContacts", Beginning), Cancel)).Value!;
        Assert.Empty(page.Rows);
        Assert.Equal(before, Simulator.Statistics.Total);
    }

    [Theory]
    [InlineData("""{"hasMore":true,"data":[]}""")]
    [InlineData("""{"hasMore":false,"continueFrom":"x"}""")]
    [InlineData("""{"hasMore":false,"continueFrom":"x","data":[{"name":"no id"}]}""")]
    [InlineData("""{"hasMore":false,"continueFrom":"x","data":[{"id":1,"active":"perhaps"}]}""")]
    [InlineData("""[]""")]
    [InlineData("""<html>""")]
    [InlineData("")]
    public async Task A_page_that_does_not_have_its_form_is_passing_trouble(string body)
    {
        Replace("*/export/*", body);
        var error = (await Connection.PollAsync(Request("customers", Beginning), Cancel)).Error!;
        Assert.Equal((ErrorKind.Transient, "malformed"), (error.Kind, error.Code));
    }

    private static PollRequest Request(string feed, SourceCursor cursor) => new() { Entity = "customer", Feed = feed, Cursor = cursor };

    private async Task<SourcePage> PageAsync(string feed, SourceCursor cursor)
    {
        var outcome = await Connection.PollAsync(Request(feed, cursor), Cancel);
        Assert.Null(outcome.Error);
        return outcome.Value!;
    }
}

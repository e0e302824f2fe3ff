using System.Text.Json;
using static WorkflowEngine.Simulators.Tests.ServiceTitan.TenantFixture;

namespace WorkflowEngine.Simulators.Tests.ServiceTitan;

public sealed class ExportFeedTests
{
    private static string Next(HttpReply reply) => Uri.EscapeDataString(reply.Json.GetProperty("continueFrom").GetString()!);

    private static bool More(HttpReply reply) => reply.Json.GetProperty("hasMore").GetBoolean();

    [Fact]
    public async Task A_feed_is_drained_page_by_page_and_then_keeps_its_token()
    {
        await using var st = await TenantFixture.Start(o => o with { FeedPageSize = 2 });
        long[] ids = [await st.Create("A"), await st.Create("B"), await st.Create("C")];
        var first = await st.Get($"{Crm}/export/customers");
        Assert.Equal(ids[..2], Ids(first));
        Assert.True(More(first));
        var second = await st.Get($"{Crm}/export/customers?from={Next(first)}");
        Assert.Equal(ids[2..], Ids(second));
        Assert.False(More(second));
        var third = await st.Get($"{Crm}/export/customers?from={Next(second)}");
        Assert.Empty(Ids(third));
        Assert.Equal(Next(second), Next(third));
    }

    [Fact]
    public async Task A_changed_record_comes_again_once_at_the_end_and_a_merged_one_too()
    {
        await using var st = await TenantFixture.Start();
        var (a, b) = (await st.Create("A"), await st.Create("B"));
        var token = Next(await st.Get($"{Crm}/export/customers"));
        (await st.Patch($"{Crm}/customers/{a}", """{ "name": "A2" }""")).Expect(200);
        (await st.Patch($"{Crm}/customers/{a}", """{ "name": "A3" }""")).Expect(200);
        var page = await st.Get($"{Crm}/export/customers?from={token}");
        Assert.Equal([a], Ids(page));
        Assert.Equal("A3", page.Json.GetProperty("data")[0].GetProperty("name").GetString());
        (await st.Post("/_people/merge", $$"""{ "from": {{b}}, "to": {{a}} }""")).Expect(204);
        var merged = await st.Get($"{Crm}/export/customers?from={Next(page)}");
        Assert.Equal([b, a], Ids(merged));
        Assert.Equal(a, merged.Json.GetProperty("data")[0].GetProperty("mergedToId").GetInt64());
    }

    [Fact]
    public async Task A_record_that_is_told_again_later_comes_once_behind_what_is_newest_and_as_it_stood()
    {
        await using var st = await TenantFixture.Start();
        var a = await st.Create("A");
        st.Simulator.RepeatLater("customers", a, TimeSpan.FromMinutes(1));
        (await st.Patch($"{Crm}/customers/{a}", """{ "name": "A2" }""")).Expect(200);
        var now = await st.Get($"{Crm}/export/customers");
        Assert.Equal("A2", Assert.Single(now.Json.GetProperty("data").EnumerateArray()).GetProperty("name").GetString());
        st.Time.Advance(TimeSpan.FromMinutes(1));
        var b = await st.Create("B");
        var later = await st.Get($"{Crm}/export/customers?from={Next(now)}");
        Assert.Equal([b, a], Ids(later));
        Assert.Equal("A", later.Json.GetProperty("data")[1].GetProperty("name").GetString());
        Assert.Empty(Ids(await st.Get($"{Crm}/export/customers?from={Next(later)}")));
    }

    [Fact]
    public async Task A_changed_contact_line_shows_only_in_the_feed_of_contacts()
    {
        await using var st = await TenantFixture.Start();
        var id = await st.Create("A", """[ { "type": "Email", "value": "a@example.com" } ]""");
        var customers = Next(await st.Get($"{Crm}/export/customers"));
        var contacts = await st.Get($"{Crm}/export/customers/contacts");
        var line = Ids(contacts)[0];
        (await st.Delete($"{Crm}/customers/{id}/contacts/{line}")).Expect(200);
        Assert.Empty(Ids(await st.Get($"{Crm}/export/customers?from={customers}")));
        var gone = Assert.Single((await st.Get($"{Crm}/export/customers/contacts?from={Next(contacts)}")).Json.GetProperty("data").EnumerateArray());
        Assert.False(gone.GetProperty("active").GetBoolean());
        Assert.Equal(id, gone.GetProperty("customerId").GetInt64());
    }

    [Fact]
    public async Task A_date_starts_the_feed_there_and_holds_through_its_tokens()
    {
        await using var st = await TenantFixture.Start(o => o with { FeedPageSize = 1 });
        await st.Create("Old");
        st.Time.Advance(TimeSpan.FromMinutes(5));
        var (a, b) = (await st.Create("A"), await st.Create("B"));
        var page = await st.Get($"{Crm}/export/customers?from=2026-09-14T20:05:00Z");
        Assert.Equal([a], Ids(page));
        Assert.Equal([b], Ids(await st.Get($"{Crm}/export/customers?from={Next(page)}")));
        Assert.Equal(3, await Count(st, "2026-09-14"));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("AAAA")]
    [InlineData("12")]
    [InlineData("%00%ff")]
    public async Task A_text_that_is_no_token_is_a_400(string from)
    {
        await using var st = await TenantFixture.Start();
        (await st.Get($"{Crm}/export/customers?from={from}")).Expect(400);
    }

    [Fact]
    public async Task The_token_of_another_feed_is_refused()
    {
        await using var st = await TenantFixture.Start();
        await st.Create("A");
        var token = Next(await st.Get($"{Crm}/export/customers"));
        (await st.Get($"{Crm}/export/customers/contacts?from={token}")).Expect(400);
    }

    [Fact]
    public async Task Recent_changes_come_late_without_the_flag_and_again_with_it()
    {
        await using var st = await TenantFixture.Start(o => o with { FeedDelay = TimeSpan.FromMinutes(1), FeedRepeatWindow = TimeSpan.FromMinutes(1) });
        var id = await st.Create("A");
        Assert.Empty(Ids(await st.Get($"{Crm}/export/customers")));
        var page = await st.Get($"{Crm}/export/customers?includeRecentChanges=true");
        Assert.Equal([id], Ids(page));
        page = await st.Get($"{Crm}/export/customers?includeRecentChanges=true&from={Next(page)}");
        Assert.Equal([id], Ids(page));
        st.Time.Advance(TimeSpan.FromMinutes(1));
        page = await st.Get($"{Crm}/export/customers?includeRecentChanges=true&from={Next(page)}");
        Assert.Equal([id], Ids(page));
        Assert.Empty(Ids(await st.Get($"{Crm}/export/customers?includeRecentChanges=true&from={Next(page)}")));
        Assert.Equal([id], Ids(await st.Get($"{Crm}/export/customers")));
    }

    private static async Task<int> Count(TenantFixture st, string from)
    {
        var count = 0;
        for (; ; )
        {
            var page = await st.Get($"{Crm}/export/customers?from={from}");
            count += page.Expect(200).Json.GetProperty("data").GetArrayLength();
            if (page.Json.GetProperty("hasMore").ValueKind is JsonValueKind.False)
            {
                return count;
            }

            from = Next(page);
        }
    }
}

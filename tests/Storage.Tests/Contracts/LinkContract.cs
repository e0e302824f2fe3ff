using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage.Tests;

public abstract class LinkContract : StoreContract
{
    private static readonly DateTimeOffset Later = Noon.AddMinutes(5);

    [Fact]
    public async Task A_claim_is_all_or_none()
    {
        await CommitAsync(Claim("run-1", "mail"));
        var refused = await CommitAsync(Claim("run-2", "phone", "mail"));
        Assert.Equal([new LinkRow(Link("mail"), null, "run-1", Later)], refused.Conflicts);
        Assert.Equal([Link("mail")], (await FindAsync("mail", "phone")).Select(row => row.Key));
    }

    [Fact]
    public async Task A_refused_set_changes_nothing_while_the_others_of_the_call_commit()
    {
        var ids = await AcceptAsync(Event("a"), Event("b"), Event("c"));
        var results = await CommitAllAsync(
            Set(Claim("run-1", "mail"), new SaveCheckpoint(Key("a"), ids[0], [1])),
            Set(new SaveCheckpoint(Key("b"), ids[1], [2]), new AppendEvents([Change("r", "A")]), Claim("run-2", "other", "mail"), new SettleEvent(Key("b"), ids[1], [])),
            Set(Claim("run-3", "phone"), new SaveCheckpoint(Key("c"), ids[2], [3]), new AppendEvents([Change("r", "A")])));
        Assert.Equal([0, 1, 0], results.Select(result => result.Conflicts.Count));
        Assert.Equal("run-1", results[1].Conflicts[0].OwnerRun);
        Assert.Empty(results[1].EventIds);
        Assert.NotNull(Assert.Single(results[2].EventIds));
        var work = await Stores.Inbox.ReadWorkAsync(ids, None);
        Assert.Equal([[1], null, [3]], work.Select(item => item.Checkpoint));
        Assert.Equal(["mail", "phone"], (await FindAsync("mail", "other", "phone")).Select(row => row.Key.KeyHash));
    }

    /// <summary>A session refuses statements without end: what it prepares it keeps.</summary>
    [Fact]
    public async Task A_statement_is_prepared_once_however_often_it_is_used()
    {
        for (var i = 0; i < 220; i++)
        {
            Assert.Empty((await CommitAsync(Claim($"run-{i}", $"mail-{i}"), new AppendEvents([Change($"r{i}", "A")]), new ReleaseLinks($"run-{i}"))).Conflicts);
            Assert.Empty(await FindAsync($"mail-{i}"));
        }
    }

    [Fact]
    public async Task A_claim_of_the_same_run_counts_and_is_renewed()
    {
        await CommitAsync(Claim("run-1", "mail"));
        var again = await CommitAsync(new ClaimLinks("run-1", [Link("mail"), Link("phone")], Noon, Later.AddMinutes(1)));
        Assert.Empty(again.Conflicts);
        Assert.All(await FindAsync("mail", "phone"), row => Assert.Equal(Later.AddMinutes(1), row.EndsAt));
    }

    [Fact]
    public async Task An_expired_claim_gives_way_and_its_owner_finds_out()
    {
        await CommitAsync(Claim("run-1", "mail"));
        Assert.Single((await CommitAsync(new ClaimLinks("run-2", [Link("mail")], Later.AddTicks(-1), Later.AddHours(1)))).Conflicts);
        Assert.Empty((await CommitAsync(new ClaimLinks("run-2", [Link("mail")], Later, Later.AddHours(1)))).Conflicts);
        Assert.Equal("run-2", Assert.Single((await CommitAsync(Claim("run-1", "mail"))).Conflicts).OwnerRun);
    }

    [Fact]
    public async Task A_linked_row_is_in_the_way_with_its_record_until_it_ends()
    {
        await CommitAsync(Claim("run-1", "mail", "phone"));
        await CommitAsync(new LinkRecord([new LinkEnd(Link("mail"), null), new LinkEnd(Link("phone"), Later)], "001"), new ReleaseLinks("run-1"));
        Assert.Equal([new LinkRow(Link("mail"), "001", null, null), new LinkRow(Link("phone"), "001", null, Later)], await FindAsync("mail", "phone"));
        Assert.Equal(2, (await CommitAsync(Claim("run-2", "mail", "phone"))).Conflicts.Count);
        Assert.Equal([Link("mail")], (await Stores.Links.FindAsync([Link("mail"), Link("phone")], Later, None)).Select(row => row.Key));
        Assert.Empty((await CommitAsync(new ClaimLinks("run-2", [Link("phone")], Later, Later.AddHours(1)))).Conflicts);
    }

    [Fact]
    public async Task A_link_that_stays_is_not_ended_by_another_answer_for_its_record()
    {
        await CommitAsync(new LinkRecord([new LinkEnd(Link("id"), null)], "001"));
        await CommitAsync(new LinkRecord([new LinkEnd(Link("id"), Later)], "001"));
        Assert.Null((await FindAsync("id"))[0].EndsAt);
        await CommitAsync(new LinkRecord([new LinkEnd(Link("id"), Later)], "002"));
        Assert.Equal(new LinkRow(Link("id"), "002", null, Later), (await FindAsync("id"))[0]);
    }

    [Fact]
    public async Task Release_gives_up_the_claims_of_a_run_and_nothing_else()
    {
        await CommitAsync(Claim("run-1", "mail", "phone"), Claim("run-2", "other"), new LinkRecord([new LinkEnd(Link("id"), null)], "001"));
        await CommitAsync(new ReleaseLinks("run-1"));
        Assert.Equal(["id", "other"], (await FindAsync("id", "mail", "other", "phone")).Select(row => row.Key.KeyHash));
    }

    [Fact]
    public async Task The_sets_of_a_call_see_each_other_in_order()
    {
        await CommitAsync(Claim("run-1", "mail"));
        var results = await CommitAllAsync(
            Set(Claim("run-2", "mail")), Set(new ReleaseLinks("run-1")), Set(Claim("run-3", "mail")), Set(Claim("run-4", "mail")), Set(new ReleaseLinks("run-3")),
            Set(Claim("run-5", "mail")));
        Assert.Equal([1, 0, 0, 1, 0, 0], results.Select(result => result.Conflicts.Count));
        Assert.Equal("run-5", (await FindAsync("mail"))[0].OwnerRun);
    }

    /// <summary>They are read together: nobody gets another's links, also where two ask for one, and a link that has ended by then is not told.</summary>
    [Fact]
    public async Task Who_asks_while_others_do_gets_the_links_of_his_own_question()
    {
        for (var i = 0; i < 40; i++) await CommitAsync(Claim($"run-{i}", $"mail-{i}"));
        await CommitAsync(new ClaimLinks("run-brief", [Link("brief")], Noon, Noon));
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => FindAsync($"mail-{i % 50}", "brief", $"mail-{(i + 1) % 50}"))));
        for (var i = 0; i < answers.Length; i++)
        {
            string[] wanted = [.. new[] { i % 50, (i + 1) % 50 }.Where(n => n < 40).Select(n => $"run-{n}")];
            Assert.Equal(wanted, answers[i].Select(row => row.OwnerRun));
        }
    }

    [Fact]
    public async Task Links_of_a_record_are_found_and_dropped()
    {
        await CommitAsync(new LinkRecord([new LinkEnd(Link("a"), null), new LinkEnd(Link("b"), Later)], "001"), new LinkRecord([new LinkEnd(Link("c"), null)], "002"));
        Assert.Equal(["a", "b"], (await Stores.Links.OfRecordAsync("default", "org", "Contact", "001", None)).Select(row => row.Key.KeyHash));
        await CommitAsync(new DropLinks([Link("a"), Link("nothing")]));
        Assert.Equal(["b"], (await Stores.Links.OfRecordAsync("default", "org", "Contact", "001", None)).Select(row => row.Key.KeyHash));
    }

    [Fact]
    public async Task Claims_of_other_workspaces_and_realms_are_not_in_the_way()
    {
        await CommitAsync(Claim("run-1", "mail"));
        LinkKey[] others = [Link("mail") with { Workspace = "other" }, Link("mail") with { Realm = "org-2" }, Link("mail") with { Entity = "Account" }, Link("mail") with { Kind = "Phone" }];
        Assert.Empty((await CommitAsync(new ClaimLinks("run-2", others, Noon, Later))).Conflicts);
    }

    [Fact]
    public async Task Claims_live_through_a_crash()
    {
        await CommitAsync(Claim("run-1", "mail"));
        await Fixture.CrashAsync();
        Assert.Single((await CommitAsync(Claim("run-2", "mail"))).Conflicts);
    }

    private static LinkKey Link(string hash) => new("default", "org", "Contact", "Email", hash);

    private static ClaimLinks Claim(string run, params string[] hashes) => new(run, [.. hashes.Select(Link)], Noon, Later);

    private async Task<IReadOnlyList<LinkRow>> FindAsync(params string[] hashes) => await Stores.Links.FindAsync([.. hashes.Select(Link)], Noon, None);
}

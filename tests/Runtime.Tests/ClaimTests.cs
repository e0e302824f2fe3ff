using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class ClaimTests
{
    [Fact]
    public async Task Two_customers_with_one_email_in_one_batch_share_a_record_or_get_two_by_rule()
    {
        foreach (var (rule, expected) in new[] { (PlanOwned.Create, 2), (PlanOwned.Share, 1) })
        {
            await using var harness = Shapes.Harness();
            var deployment = harness.Deploy(Shapes.Leads(rule));
            await harness.StartAsync();
            harness.Target.Lateness = TimeSpan.FromSeconds(30);
            var both = new[] { harness.Person("Ada", "home@example.com"), harness.Person("Bob", "home@example.com") };
            await TogetherAsync(harness, deployment, both);
            await harness.DrainAsync(TimeSpan.FromHours(2));

            Assert.Equal(expected, harness.Target.All("Lead").Count);
            Assert.Equal(2, harness.Count(RunOutcome.Succeeded));
        }
    }

    [Fact]
    public async Task However_many_share_an_email_each_waits_its_turn()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        harness.Target.Lateness = TimeSpan.FromSeconds(30);
        await TogetherAsync(harness, deployment, [.. Enumerable.Range(0, 12).Select(i => harness.Person($"P{i}", "office@example.com"))]);
        await harness.DrainAsync(TimeSpan.FromHours(5));

        Assert.Empty(harness.Stores.AllLetters);
        Assert.Equal((12, 12), (harness.Target.All("Lead").Count, harness.Count(RunOutcome.Succeeded)));
    }

    [Fact]
    public async Task A_record_of_another_key_fails_the_step_where_the_rule_says_so()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Leads(PlanOwned.Fail));
        await harness.StartAsync();
        harness.Target.Put("Lead", null, ("Ref", "someone else"), ("Email", "home@example.com"));
        await harness.ChangedAsync(deployment, harness.Person("Ada", "home@example.com"));
        await harness.IdleAsync();

        Assert.Equal((ErrorKind.Conflict, "owned"), (harness.Stores.AllLetters[0].Content.ErrorKind, harness.Stores.AllLetters[0].Content.Code));
    }

    [Fact]
    public async Task Spouses_do_not_take_a_contact_from_each_other()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var free = harness.Target.Put("Contact", null, ("Email", "home@example.com"), ("LastName", "by hand"));
        var ada = harness.Person("Ada", "home@example.com");
        var bob = harness.Person("Bob", "home@example.com");
        await TogetherAsync(harness, deployment, ada, bob);
        await harness.DrainAsync(TimeSpan.FromHours(2));
        for (var round = 0; round < 3; round++)
        {
            foreach (var id in new[] { ada, bob })
            {
                harness.Source.Put("customer", id, ("status", $"round {round}"));
                await harness.ChangedAsync(deployment, id);
            }

            await harness.DrainAsync(TimeSpan.FromHours(2));
        }

        var contacts = harness.Target.All("Contact");
        Assert.Equal(2, contacts.Count);
        Assert.Equal(2, contacts.Select(c => c["PersonKey"]).Distinct().Count());
        Assert.Contains(contacts, c => (string)c["id"]! == free && c["PersonKey"] is not null);
        Assert.Equal(2, harness.Writes("Contact"));
    }

    [Fact]
    public async Task A_record_the_vendor_does_not_show_yet_is_found_by_its_link()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        harness.Target.Lateness = TimeSpan.FromSeconds(50);
        var id = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        harness.Source.Put("customer", id, ("name", "Ada Lovelace"));
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();

        Assert.Equal("Ada Lovelace", Assert.Single(harness.Target.All("Lead"))["Name"]);
    }

    [Fact]
    public async Task A_create_whose_answer_is_lost_is_looked_up_and_not_repeated()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        harness.Target.Lateness = TimeSpan.FromSeconds(30);
        harness.Target.Faults = (what, _) => what == "create" && harness.Target.All("Lead").Count == 0 ? FakeFault.LostAnswer : FakeFault.None;
        await harness.ChangedAsync(deployment, harness.Person("Ada", "ada@example.com"));
        await harness.DrainAsync(TimeSpan.FromHours(1));

        Assert.Single(harness.Target.All("Lead"));
        Assert.Equal(1, harness.Count(RunOutcome.Succeeded));
        Assert.Equal(1, harness.Target.Calls.Count(c => c.What == "create"));
        Assert.Equal(1, harness.Stores.AllEffects.Count(e => e.Verb == "created"));
    }

    [Fact]
    public async Task A_create_that_never_happened_is_repeated_only_when_settle_has_passed()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        var first = true;
        harness.Target.Faults = (what, _) =>
        {
            if (what != "create" || !first) return FakeFault.None;
            first = false;
            return FakeFault.LostBefore;
        };
        await harness.ChangedAsync(deployment, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(11));
        await harness.AdvanceAsync(TimeSpan.FromSeconds(45));
        Assert.Empty(harness.Target.All("Lead"));

        await harness.DrainAsync(TimeSpan.FromMinutes(5));
        Assert.Single(harness.Target.All("Lead"));
    }

    [Fact]
    public async Task Several_matches_are_named_where_the_step_says_fail()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Flow("leads")
            .Upsert("lead", "target", Shapes.Lead, ["Ref", "Email"], [("Ref", "input.id"), ("Email", "input.email")], u => u with { OnAmbiguous = PlanAmbiguous.Fail }).Build());
        await harness.StartAsync();
        var a = harness.Target.Put("Lead", null, ("Email", "ada@example.com"));
        var b = harness.Target.Put("Lead", null, ("Email", "ada@example.com"));
        await harness.ChangedAsync(deployment, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();

        var letter = Assert.Single(harness.Stores.AllLetters).Content;
        Assert.Equal((ErrorKind.Conflict, "ambiguous"), (letter.ErrorKind, letter.Code));
        Assert.Contains(a, letter.Message, StringComparison.Ordinal);
        Assert.Contains(b, letter.Message, StringComparison.Ordinal);
        Assert.Equal(2, harness.Target.All("Lead").Count);
    }

    [Fact]
    public async Task A_deleted_record_is_made_again_and_its_link_forgotten()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        var id = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();

        // Of a record of a moment ago nobody could say whether it is gone or not shown yet.
        await harness.AdvanceAsync(harness.Settle);
        harness.Target.Remove("Lead", (string)harness.Target.All("Lead")[0]["id"]!);
        harness.Source.Put("customer", id, ("name", "Ada L"));
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();

        Assert.Equal("Ada L", Assert.Single(harness.Target.All("Lead"))["Name"]);
    }

    [Fact]
    public async Task Once_creates_once_whatever_asks_for_it()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Flow("tickets").Key("input.id + \"-\" + input.status")
            .CreateOnce("ticket", "target", Shapes.Ticket, "EventKey", "`booked/${input.email}`", ("Subject", "input.name")).Build());
        await harness.StartAsync();
        harness.Target.Lateness = TimeSpan.FromSeconds(40);
        var people = Enumerable.Range(0, 20).Select(i => harness.Person($"P{i}", "one@example.com")).ToArray();
        await TogetherAsync(harness, deployment, people);
        await harness.DrainAsync(TimeSpan.FromHours(1));

        Assert.Single(harness.Target.All("Ticket"));
        Assert.Equal(20, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task Once_asks_the_vendor_where_there_is_no_link()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Flow("tickets").CreateOnce("ticket", "target", Shapes.Ticket, "EventKey", "`booked/${input.email}`", ("Subject", "input.name")).Build());
        await harness.StartAsync();
        harness.Target.Put("Ticket", null, ("EventKey", "booked/one@example.com"), ("Subject", "by hand"));
        await harness.ChangedAsync(deployment, harness.Person("Ada", "one@example.com"));
        await harness.IdleAsync();

        Assert.Equal("by hand", Assert.Single(harness.Target.All("Ticket"))["Subject"]);
        Assert.DoesNotContain(harness.Target.Calls, c => c.What == "create");
        Assert.Equal(1, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task Once_is_once_for_other_flows_and_steps_too()
    {
        await using var harness = Shapes.Harness();
        var one = harness.Deploy(Shapes.Flow("tickets").CreateOnce("ticket", "target", Shapes.Ticket, "EventKey", "`booked/${input.email}`", ("Subject", "input.name")).Build());
        var other = harness.Deploy(Shapes.Flow("bookings").CreateOnce("booked", "target", Shapes.Ticket, "EventKey", "`booked/${input.email}`", ("Subject", "input.name")).Build());
        await harness.StartAsync();
        harness.Target.Lateness = TimeSpan.FromSeconds(40);
        var ada = harness.Person("Ada", "one@example.com");
        await harness.ChangedAsync(one, ada);
        await harness.ChangedAsync(other, ada);
        await harness.DrainAsync(TimeSpan.FromHours(1));

        Assert.Single(harness.Target.All("Ticket"));
        Assert.Equal(2, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task A_create_without_an_answer_is_looked_up_after_ten_seconds_a_minute_and_settle()
    {
        await using var harness = Shapes.Harness();
        harness.Settle = TimeSpan.FromMinutes(10);
        var deployment = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        var left = 1;
        harness.Target.Faults = (what, _) => what == "create" && Interlocked.Exchange(ref left, 0) == 1 ? FakeFault.LostBefore : FakeFault.None;
        await harness.ChangedAsync(deployment, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();
        var (reads, passed) = (Reads(), TimeSpan.Zero);
        foreach (var (at, more) in new[] { (9, 0), (11, 1), (59, 1), (61, 2), (9 * 60, 2) })
        {
            await harness.AdvanceAsync(TimeSpan.FromSeconds(at) - passed);
            passed = TimeSpan.FromSeconds(at);
            Assert.Equal((at, reads + more, 1), (at, Reads(), Creates()));
        }

        await harness.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(2, Creates());
        Assert.Single(harness.Target.All("Lead"));

        int Reads() => harness.Target.Calls.Count(c => c.What == "read");
        int Creates() => harness.Target.Calls.Count(c => c.What == "create");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_claim_of_another_run_is_waited_for_five_hundred_times_and_then_it_is_a_conflict_that_can_be_replayed(bool once)
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(once
            ? Shapes.Flow("tickets").CreateOnce("step", "target", Shapes.Ticket, "EventKey", "`booked/${input.email}`", ("Subject", "input.name")).Build()
            : Shapes.Leads());
        await harness.StartAsync();
        var (entity, kind, value) = once ? ("Ticket", LinkHash.OncePrefix + "EventKey", "booked/ada@example.com") : ("Lead", "Email", "ada@example.com");
        var key = new LinkKey(RuntimeHarness.Workspace, "target:1", entity, kind, LinkHash.Of([value]));
        await ClaimedAsync(harness.Time.GetUtcNow());
        await harness.ChangedAsync(deployment, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();
        for (var wait = 1; wait <= 500; wait++)
        {
            Assert.Equal((wait, 1, 0), (wait, harness.Stores.Pending, harness.Stores.AllLetters.Count));
            var due = harness.Stores.NextDue!.Value;
            await ClaimedAsync(due);
            await harness.AdvanceAsync(due - harness.Time.GetUtcNow());
        }

        var letter = Assert.Single(harness.Stores.AllLetters);
        Assert.Equal((ErrorKind.Conflict, "claimed"), (letter.Content.ErrorKind, letter.Content.Code));
        Assert.Contains("500 tries", letter.Content.Message, StringComparison.Ordinal);
        Assert.Equal(0, harness.Stores.Pending);
        Assert.Empty(harness.Target.All(entity));

        // The other gives up; the step goes on and may wait as often again.
        await harness.Runtime.Commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([new ReleaseLinks("another")]));
        Assert.NotNull(await harness.Runtime.Replayer.ReplayAsync(RuntimeHarness.Workspace, letter.Id, fromStep: true, CancellationToken.None));
        await harness.IdleAsync();
        Assert.Single(harness.Target.All(entity));

        // A claim that ends just behind the wait for it is always in the way.
        Task ClaimedAsync(DateTimeOffset until) => harness.Runtime.Commit.CommitAsync(
            CommitQueue.Settlement, new ChangeSet([new ClaimLinks("another", [key], harness.Time.GetUtcNow(), until + TimeSpan.FromTicks(1))]));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public async Task A_key_that_others_have_linked_meanwhile_is_matched_again_at_once_and_at_most_three_times(int times, bool succeeds)
    {
        await using var harness = Shapes.Harness();
        var left = times;
        harness.Disk = inner => new LinkingDisk(inner, () => Interlocked.Decrement(ref left) >= 0);
        var deployment = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        var began = harness.Time.GetUtcNow();
        await harness.ChangedAsync(deployment, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();

        // One question a rule, and each round asks again.
        Assert.Equal((2 * 4, began), (harness.Target.Calls.Count(c => c is { What: "read", Entity: "Lead" }), harness.Time.GetUtcNow()));
        Assert.Equal(0, harness.Stores.Pending);
        if (succeeds)
        {
            Assert.Single(harness.Target.All("Lead"));
            Assert.Empty(harness.Stores.AllLetters);
            return;
        }

        var letter = Assert.Single(harness.Stores.AllLetters).Content;
        Assert.Equal((ErrorKind.Conflict, "claimed"), (letter.ErrorKind, letter.Code));
        Assert.Contains("3 tries", letter.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Target.All("Lead"));
    }

    /// <summary>Says of claims that their keys have a record by now, as often as it is told to.</summary>
    private sealed class LinkingDisk(IStoreWriter inner, Func<bool> isLinked) : IStoreWriter
    {
        public async Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
        {
            var linked = sets.Select(s => s.Changes.OfType<ClaimLinks>().FirstOrDefault() is { } claim && isLinked() ? claim : null).ToList();
            var kept = new Queue<ChangeSetResult>(await inner.CommitAsync([.. sets.Where((_, i) => linked[i] is null)], cancellationToken));
            return [.. linked.Select(claim => claim is null ? kept.Dequeue() : new ChangeSetResult { Conflicts = [new LinkRow(claim.Keys[0], "00000042", null, null)] })];
        }
    }

    [Fact]
    public async Task A_parent_that_is_not_there_yet_is_waited_for()
    {
        await using var harness = Shapes.Harness();
        var plan = Shapes.Flow("child").Upsert(
            "contact", "target", Shapes.Contact, ["PersonKey"], [("PersonKey", "input.id"), ("AccountId", "input.phone")],
            u => u with { Set = [u.Set[0], u.Set[1] with { Reference = new PlanReference("Account", Shapes.Account.Field("CustomerId")!, PlanOrElse.Later) }] });
        var deployment = harness.Deploy(plan.Build());
        await harness.StartAsync();
        await harness.ChangedAsync(deployment, harness.Person("Ada", phone: "parent 1"));
        await harness.IdleAsync();
        Assert.Empty(harness.Target.All("Contact"));

        var parent = harness.Target.Put("Account", null, ("CustomerId", "parent 1"));
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.Equal(parent, Assert.Single(harness.Target.All("Contact"))["AccountId"]);
    }

    /// <summary>All events are there before the first is claimed.</summary>
    private static async Task TogetherAsync(RuntimeHarness harness, DeploymentRef deployment, params string[] records)
    {
        harness.Runtime.Registry.SetState(deployment, DeploymentState.Paused, "until all are there");
        foreach (var record in records) await harness.ChangedAsync(deployment, record);
        harness.Runtime.Registry.SetState(deployment, DeploymentState.Active, null);
        await harness.IdleAsync();
    }
}

using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage.Tests;

public abstract class DeadLetterContract : StoreContract
{
    [Fact]
    public async Task A_dead_letter_comes_back_with_payload_and_state()
    {
        var id = Assert.Single((await CommitAsync(new AddDeadLetter(Samples.Letter("k")))).DeadLetterIds);
        var letter = (await Stores.DeadLetters.FindAsync("default", id, None))!;
        Assert.Equivalent(new DeadLetter(id, Samples.Letter("k"), DeadLetterState.Open, null, null), letter, strict: true);
        Assert.Null(await Stores.DeadLetters.FindAsync("other", id, None));
        var bare = (await CommitAsync(new AddDeadLetter(Samples.Letter("k") with { State = null }))).DeadLetterIds[0];
        Assert.Null((await Stores.DeadLetters.FindAsync("default", bare, None))!.Content.State);
    }

    [Fact]
    public async Task Lists_leave_out_payload_and_state_and_page_by_id()
    {
        var ids = (await CommitAsync([.. Enumerable.Range(0, 7).Select(i => new AddDeadLetter(Samples.Letter($"k{i}")))])).DeadLetterIds;
        var seen = new List<long>();
        long? before = null;
        while (true)
        {
            var page = await Stores.DeadLetters.ListAsync(new DeadLetterFilter { Workspace = "default", Before = before, Limit = 3 }, None);
            if (page.Count == 0) break;
            Assert.All(page, letter => Assert.Empty(letter.Content.Payload));
            Assert.All(page, letter => Assert.Null(letter.Content.State));
            seen.AddRange(page.Select(letter => letter.Id));
            before = page[^1].Id;
        }

        Assert.Equal(ids.Reverse(), seen);
    }

    [Fact]
    public async Task Every_filter_of_dead_letters_filters()
    {
        var deployment = new DeploymentRef("default", Guid.NewGuid());
        var ids = (await CommitAsync(
            new AddDeadLetter(Samples.Letter("a")), new AddDeadLetter(Samples.Letter("b", "odd") with { Deployment = deployment, RunId = "the run" }),
            new AddDeadLetter(Samples.Letter("b", "odd") with { Deployment = Other }))).DeadLetterIds;
        var all = new DeadLetterFilter { Workspace = "default" };
        foreach (var filter in (DeadLetterFilter[])[all with { Deployment = deployment.Id }, all with { Key = "b" }, all with { Fingerprint = "odd" }, all with { Run = "the run" }, all with { Limit = 1 }])
        {
            Assert.Equal([ids[1]], (await Stores.DeadLetters.ListAsync(filter, None)).Select(letter => letter.Id));
        }

        await CommitAsync(new CloseDeadLetters(deployment, null, ids[1], DeadLetterState.Discarded, "known", Noon));
        Assert.Equal([ids[0]], (await Stores.DeadLetters.ListAsync(all, None)).Select(letter => letter.Id));
        Assert.Equal([ids[1]], (await Stores.DeadLetters.ListAsync(all with { State = DeadLetterState.Discarded }, None)).Select(letter => letter.Id));
        Assert.Equal(2, (await Stores.DeadLetters.ListAsync(all with { State = null }, None)).Count);
    }

    [Fact]
    public async Task A_success_closes_the_older_letters_of_its_key_only()
    {
        var before = (await CommitAsync(new AddDeadLetter(Samples.Letter("k")), new AddDeadLetter(Samples.Letter("other")))).DeadLetterIds;
        var results = await CommitAllAsync(
            Set(new CloseDeadLetters(Deployment, "k", null, DeadLetterState.Superseded, "a later event succeeded", Noon)), Set(new AddDeadLetter(Samples.Letter("k"))));
        var closed = (await Stores.DeadLetters.FindAsync("default", before[0], None))!;
        Assert.Equal((DeadLetterState.Superseded, "a later event succeeded", Noon), (closed.State, closed.Note, closed.ClosedAt!.Value));
        Assert.Equal(DeadLetterState.Open, (await Stores.DeadLetters.FindAsync("default", before[1], None))!.State);
        Assert.Equal(DeadLetterState.Open, (await Stores.DeadLetters.FindAsync("default", results[1].DeadLetterIds[0], None))!.State);
    }

    [Fact]
    public async Task A_closed_letter_stays_as_it_was_closed()
    {
        var id = (await CommitAsync(new AddDeadLetter(Samples.Letter("k")))).DeadLetterIds[0];
        await CommitAsync(
            new CloseDeadLetters(Deployment, null, id, DeadLetterState.Replayed, "event 9", Noon),
            new CloseDeadLetters(Deployment, "k", null, DeadLetterState.Superseded, "later", Noon.AddMinutes(1)));
        Assert.Equal("event 9", (await Stores.DeadLetters.FindAsync("default", id, None))!.Note);
    }

    [Fact]
    public async Task Another_workspace_closes_nothing()
    {
        var id = (await CommitAsync(new AddDeadLetter(Samples.Letter("k")))).DeadLetterIds[0];
        await CommitAsync(
            new CloseDeadLetters(Other, "k", null, DeadLetterState.Superseded, "no", Noon), new CloseDeadLetters(Other, null, id, DeadLetterState.Superseded, "no", Noon));
        Assert.Equal(DeadLetterState.Open, (await Stores.DeadLetters.FindAsync("default", id, None))!.State);
    }
}

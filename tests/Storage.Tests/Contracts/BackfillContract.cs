using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage.Tests;

public abstract class BackfillContract : StoreContract
{
    [Fact]
    public async Task A_backfill_comes_back_as_it_was_saved()
    {
        var began = Begun("b1") with
        {
            By = BackfillBy.List, Records = ["1", "2"], From = Noon, Token = "500", HighWater = Noon.AddHours(1), Total = 2, Read = 1, Accepted = 1, Problem = "waits", EndedAt = Noon.AddHours(2),
        };
        await CommitAsync(new SaveBackfill(began));
        Assert.Equivalent(began, await Stores.Backfills.FindAsync("default", "b1", None), strict: true);
        Assert.Null(await Stores.Backfills.FindAsync("other", "b1", None));
    }

    [Fact]
    public async Task How_many_events_of_its_page_were_new_is_counted_in_the_transaction_that_accepts_them()
    {
        var page = Begun("b1") with { Read = 3, Accepted = 4 };
        var known = Delivery("known");
        await CommitAsync(new AppendEvents([known]));
        await CommitAsync(new AppendEvents([Event("one"), known, Event("two")]), new SaveBackfill(page) { CountsEvents = true });
        Assert.Equal(6, (await Stores.Backfills.FindAsync("default", "b1", None))!.Accepted);
        await CommitAsync(new AppendEvents([Event("three")]), new SaveBackfill(page));
        Assert.Equal(4, (await Stores.Backfills.FindAsync("default", "b1", None))!.Accepted);
    }

    [Fact]
    public async Task One_that_was_cancelled_is_not_opened_again_by_a_page_that_was_under_way()
    {
        await CommitAsync(new SaveBackfill(Begun("b1")));
        await CommitAsync(new SaveBackfill(Begun("b1") with { Read = 10, State = BackfillState.Cancelled }));
        await CommitAsync(new SaveBackfill(Begun("b1") with { Read = 20 }));
        var found = (await Stores.Backfills.FindAsync("default", "b1", None))!;
        Assert.Equal((BackfillState.Cancelled, 10L), (found.State, found.Read));
    }

    [Fact]
    public async Task Backfills_are_listed_newest_first_by_workspace_deployment_and_state()
    {
        await CommitAsync(new SaveBackfill(Begun("b1")), new SaveBackfill(Begun("b2") with { State = BackfillState.Done }), new SaveBackfill(Begun("b3") with { Deployment = Other }));
        Assert.Equal(["b3", "b2", "b1"], (await Stores.Backfills.ListAsync(null, null, null, None)).Select(b => b.Id));
        Assert.Equal(["b2", "b1"], (await Stores.Backfills.ListAsync("default", Deployment.Id, null, None)).Select(b => b.Id));
        Assert.Equal(["b1"], (await Stores.Backfills.ListAsync("default", null, BackfillState.Running, None)).Select(b => b.Id));
    }

    [Fact]
    public async Task The_job_of_a_wave_is_found_by_its_workspace_and_wave_and_says_what_became_of_it()
    {
        var job = new BulkJob { Workspace = "default", Wave = "w1", Connection = "crm", Job = "750x", Entity = "Account", Rows = 10_000, MadeAt = Noon };
        await CommitAsync(new SaveBulkJob(job));
        Assert.Equal(job, await Stores.BulkJobs.FindAsync("default", "w1", None));
        Assert.Null(await Stores.BulkJobs.FindAsync("other", "w1", None));
        await CommitAsync(new SaveBulkJob(job with { State = BulkJobState.Dropped }));
        Assert.Equal(BulkJobState.Dropped, (await Stores.BulkJobs.FindAsync("default", "w1", None))!.State);
    }

    private static Backfill Begun(string id) => new()
    {
        Id = id, Deployment = Deployment, Trigger = "changed", Entity = "customer", By = BackfillBy.Feed, Feed = "customers", StartedBy = "kim", StartedAt = Noon,
    };
}

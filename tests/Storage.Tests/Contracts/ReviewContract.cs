using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage.Tests;

public abstract class ReviewContract : StoreContract
{
    [Fact]
    public async Task A_review_comes_back_whole_and_its_content_is_encrypted()
    {
        var asked = Asked("r1") with { Content = System.Text.Encoding.UTF8.GetBytes("a secret record") };
        await CommitAsync(new OpenReview(asked));
        await Fixture.CrashAsync();
        Assert.DoesNotContain("secret record", await Fixture.RawTextAsync(), StringComparison.Ordinal);
        var found = (await Stores.Reviews.FindAsync("default", "r1", None))!;
        Assert.True(found.IsOpen);
        Assert.Equal("a secret record", System.Text.Encoding.UTF8.GetString(found.Asked.Content));
        Assert.Equal(asked with { Content = [] }, found.Asked with { Content = [] });
        Assert.Empty(Assert.Single(await Stores.Reviews.ListAsync(new ReviewFilter { Workspace = "default" }, None)).Asked.Content);
    }

    [Fact]
    public async Task The_first_decision_counts()
    {
        await CommitAsync(new OpenReview(Asked("r1")));
        await CommitAsync(new DecideReview("default", "r1", ReviewDecision.Use, "003", "this one", "kim", Noon.AddHours(1)));
        await CommitAsync(new DecideReview("default", "r1", ReviewDecision.Create, null, null, "lee", Noon.AddHours(2)));
        var found = (await Stores.Reviews.FindAsync("default", "r1", None))!;
        Assert.Equal((ReviewDecision.Use, "003", "this one", "kim", Noon.AddHours(1)), (found.Decision, found.RecordId, found.Comment, found.DecidedBy, found.DecidedAt));
    }

    [Fact]
    public async Task Reviews_are_listed_newest_first_by_page_state_deployment_and_workspace()
    {
        await CommitAsync(new OpenReview(Asked("r1")), new OpenReview(Asked("r2")), new OpenReview(Asked("r3")), new OpenReview(Asked("r4", Other)));
        await CommitAsync(new DecideReview("default", "r2", ReviewDecision.Skip, null, null, "kim", Noon), new DecideReview("default", "r4", ReviewDecision.Skip, null, null, "kim", Noon));
        Assert.Equal(["r3", "r1"], await IdsAsync(new ReviewFilter { Workspace = "default" }));
        Assert.Equal(["r2"], await IdsAsync(new ReviewFilter { Workspace = "default", Open = false }));
        Assert.Equal(["r3"], await IdsAsync(new ReviewFilter { Workspace = "default", Open = null, Limit = 1 }));
        Assert.Equal(["r2", "r1"], await IdsAsync(new ReviewFilter { Workspace = "default", Open = null, Before = "r3" }));
        Assert.Empty(await IdsAsync(new ReviewFilter { Workspace = "default", Deployment = Guid.NewGuid() }));
        Assert.Equal(["r4"], await IdsAsync(new ReviewFilter { Workspace = "other" }));
        Assert.Null(await Stores.Reviews.FindAsync("other", "r1", None));
    }

    [Fact]
    public async Task What_is_planned_comes_sooner_when_it_is_hastened_and_never_later()
    {
        await CommitAsync(new PlanEvent(Event("a"), "wait", Noon.AddDays(1)));
        await CommitAsync(new HastenPlanned(Key("a"), "wait", Noon.AddDays(2)), new HastenPlanned(Key("a"), "other", Noon));
        Assert.Equal((0, Noon.AddDays(1)), await Stores.Inbox.WakeDueAsync(Noon, None));
        await CommitAsync(new HastenPlanned(Key("a"), "wait", Noon));
        Assert.Equal((1, null), await Stores.Inbox.WakeDueAsync(Noon, None));
    }

    private static NewReview Asked(string id, DeploymentRef? deployment = null) => new()
    {
        Id = id, Deployment = deployment ?? Deployment, Kind = ReviewKind.Owned, EventId = 7, Key = "k", RunId = "run", Step = "contact", Place = "flow.yaml:3:1", Entity = "Contact",
        Message = "Two match.", Content = [1, 2], OpenedAt = Noon,
    };

    private async Task<string[]> IdsAsync(ReviewFilter filter) => [.. (await Stores.Reviews.ListAsync(filter, None)).Select(r => r.Asked.Id)];
}

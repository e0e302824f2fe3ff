using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>Which writes need a checkpoint of their own: not one that a run, going on from the checkpoint before, comes to again by itself and makes again alike (ADR 0013).</summary>
public sealed class CheckpointTests
{
    [Fact]
    public async Task A_write_by_a_unique_key_behind_another_one_needs_none_of_its_own() => Assert.Equal(1, await CheckpointsAsync(Two(static between => between)));

    [Fact]
    public async Task Where_something_is_read_between_them_each_has_its_own() =>
        Assert.Equal(2, await CheckpointsAsync(Two(static between => between.Lookup("again", "target", Shapes.Contact, "Email", "input.email"))));

    [Fact]
    public async Task So_has_each_that_looks_for_its_record_first() =>
        Assert.Equal(2, await CheckpointsAsync(Two(static between => between, static upsert => upsert with { Direct = false, SkipUnchanged = true })));

    [Fact]
    public async Task So_has_each_turn_of_a_loop() => Assert.Equal(3, await CheckpointsAsync(Shapes.Flow("loop")
        .Lookup("before", "target", Shapes.Contact, "Email", "input.email")
        .Map("list", ("all", "[\"a\", \"b\", \"c\"]"))
        .ForEach("list.all", "x", static each => each.Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "`${input.id}/${x}`"), ("Name", "input.name")], Straight))
        .Build()));

    [Fact]
    public async Task A_process_that_dies_anywhere_makes_both_again_alike()
    {
        var expected = await EndAsync(killAt: 0);
        Assert.True(expected.Boundaries > 5, $"{expected.Boundaries} boundaries.");
        for (var at = 1; at <= expected.Boundaries; at++) Assert.Equal(expected.State, (await EndAsync(at)).State);
    }

    /// <summary>The branch that was taken before the first write is taken again, though by then what it looked for is there.</summary>
    private static CompiledFlow Two(Func<PlanBuilder, PlanBuilder> between, Func<UpsertInstruction, UpsertInstruction>? second = null) => between(Shapes.Flow("two")
            .Lookup("before", "target", Shapes.Contact, "Email", "input.email")
            .Map("status", ("text", "before === null ? \"new\" : \"known\""))
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name")], Straight))
        .Upsert("contact", "target", Shapes.Contact, ["PersonKey"], [("PersonKey", "input.id"), ("Email", "input.email"), ("LastName", "`${input.name}, ${status.text}`")], second ?? Straight)
        .Build();

    private static UpsertInstruction Straight(UpsertInstruction upsert) => upsert with { Direct = true, SkipUnchanged = false };

    private static async Task<int> CheckpointsAsync(CompiledFlow flow)
    {
        var disk = new CountingDisk();
        await using var harness = Shapes.Harness();
        harness.Disk = disk.Around;
        var deployment = harness.Deploy(flow);
        await harness.StartAsync();
        await harness.ChangedAsync(deployment, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();
        Assert.Equal(1, harness.Count(RunOutcome.Succeeded));
        return disk.Checkpoints;
    }

    private static async Task<(string State, int Boundaries)> EndAsync(int killAt)
    {
        await using var harness = Shapes.Harness();
        var boundary = new KillAt(killAt) { Kill = harness.Kill };
        harness.Boundary = boundary;
        var deployment = harness.Deploy(Two(static between => between));
        await harness.StartAsync();
        await harness.ChangedAsync(deployment, harness.Person("Ada", "ada@example.com"));
        await Task.WhenAny(harness.IdleAsync(), boundary.Killed);
        if (boundary.Killed.IsCompleted) await harness.StartAsync();
        await harness.DrainAsync(TimeSpan.FromHours(1));
        var contacts = harness.Target.All("Contact").Select(c => $"{c["PersonKey"]} {c["Email"]} {c["LastName"]}");
        var accounts = harness.Target.All("Account").Select(a => $"{a["CustomerId"]} {a["Name"]}");
        return ($"{string.Join('\n', accounts.Concat(contacts))}\n{harness.Count(RunOutcome.Succeeded)} succeeded, {harness.Stores.AllLetters.Count} letters, {harness.Stores.Pending} left", boundary.Count);
    }

    /// <summary>Counts what is stored of runs.</summary>
    private sealed class CountingDisk
    {
        private int _checkpoints;

        public int Checkpoints => _checkpoints;

        public IStoreWriter Around(IStoreWriter inner) => new Writer(this, inner);

        private sealed class Writer(CountingDisk disk, IStoreWriter inner) : IStoreWriter
        {
            public Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
            {
                Interlocked.Add(ref disk._checkpoints, sets.Sum(s => s.Changes.OfType<SaveCheckpoint>().Count()));
                return inner.CommitAsync(sets, cancellationToken);
            }
        }
    }
}

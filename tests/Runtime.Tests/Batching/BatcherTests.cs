using Microsoft.Extensions.Time.Testing;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime.Tests.Batching;

public sealed class BatcherTests : IDisposable
{
    private readonly ScriptedConnection _connection = new();
    private readonly RecordingCommit _commit = new();
    private readonly RunnableCounter _runnable = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Batcher _batcher;
    private readonly BoundConnection _bound;

    public BatcherTests()
    {
        _batcher = new Batcher(_commit, _runnable, _time, new BatcherOptions());
        _bound = Bind(_connection);
    }

    public void Dispose() => _batcher.Dispose();

    [Fact]
    public async Task Two_hundred_runs_that_write_the_same_entity_share_one_call()
    {
        var answers = await All(200, Write);
        Assert.Single(_connection.Writes);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), answers.Select(a => a.Outcome.Value!.Id));
    }

    [Fact]
    public async Task Two_runs_that_ask_the_same_question_are_one_row_on_the_wire()
    {
        var answers = await All(10, i => Read($"{i % 2}@example.com"));
        Assert.Equal(2, Assert.Single(_connection.Reads).Conditions.Count);
        Assert.All(answers, a => Assert.True(a.Outcome.Succeeded));
    }

    [Fact]
    public async Task A_target_is_in_one_flush_only_and_later_requests_for_it_wait_in_order()
    {
        var first = new TaskCompletionSource();
        _connection.OnWrite = async batch =>
        {
            if (_connection.Writes.Count == 1) await first.Task;
            return ScriptedConnection.Created(batch);
        };
        var older = Write(1, target: "id:7");
        var newer = Write(2, target: "id:7");
        await WaitForAsync(() => _connection.Writes.Count == 1);
        Assert.Equal("1", Assert.Single(_connection.Writes[0].Items).Fields["name"]);
        first.SetResult();
        await Task.WhenAll(older, newer);
        Assert.Equal(["1", "2"], _connection.Writes.SelectMany(w => w.Items).Select(i => i.Fields["name"]));
    }

    [Fact]
    public async Task Children_of_one_parent_do_not_fly_in_two_calls_at_once()
    {
        _connection.Most = 2;
        var gate = new TaskCompletionSource();
        var together = 0;
        var most = 0;
        _connection.OnWrite = async batch =>
        {
            most = Math.Max(most, Interlocked.Increment(ref together));
            if (_connection.Writes.Count == 1) await gate.Task;
            Interlocked.Decrement(ref together);
            return ScriptedConnection.Created(batch);
        };
        var all = Enumerable.Range(0, 6).Select(i => Write(i, parent: "AccountId=1")).ToList();
        await WaitForAsync(() => _connection.Writes.Count == 1);
        gate.SetResult();
        await Task.WhenAll(all);
        Assert.Equal(1, most);
        Assert.Equal(6, _connection.Writes.Sum(w => w.Items.Count));
    }

    [Fact]
    public async Task A_poisoned_row_of_200_fails_only_itself()
    {
        _connection.OnWrite = batch => Task.FromResult(batch.Items.Any(i => (string)i.Fields["name"]! == "137")
            ? BatchAnswer<WriteResult>.Failed(new OperationError(ErrorKind.BatchScoped, "500", "Server error.") { WhenAlone = ErrorKind.Rejected })
            : ScriptedConnection.Created(batch));
        var answers = await All(200, Write);
        var failed = Assert.Single(answers, a => !a.Outcome.Succeeded);
        Assert.Same(answers[137], failed);
        Assert.Equal(ErrorKind.Rejected, failed.Outcome.Error!.Kind);
        Assert.True(failed.Charged);
        Assert.Equal([200, 50, 50, 50, 50], _connection.Writes.Take(5).Select(w => w.Items.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_of_a_failing_call_go_again_in_calls_of_50_then_10_then_one_and_no_other_row_goes_twice_in_vain(bool asAWhole)
    {
        var shared = new OperationError(ErrorKind.BatchScoped, "500", "Server error.") { WhenAlone = ErrorKind.Rejected };
        _connection.OnWrite = batch => Task.FromResult(!batch.Items.Any(IsBad) ? ScriptedConnection.Created(batch)
            : asAWhole ? BatchAnswer<WriteResult>.Failed(shared)
            : new BatchAnswer<WriteResult> { Items = [.. batch.Items.Select(_ => Outcome<WriteResult>.Failed(shared))] });
        var answers = await All(200, Write);

        List<(int First, int Rows)> ladder = [(0, 200)];
        ladder.AddRange(Enumerable.Range(0, 4).Select(i => (i * 50, 50)));
        // The third of the four holds the row.
        ladder.AddRange(Enumerable.Range(0, 5).Select(i => (100 + (i * 10), 10)));
        ladder.AddRange(Enumerable.Range(130, 10).Select(i => (i, 1)));
        Assert.Equal(ladder.Select(call => string.Join(' ', Enumerable.Range(call.First, call.Rows))), _connection.Writes.Select(w => string.Join(' ', w.Items.Select(i => i.Fields["name"]))));
        Assert.Equal(ErrorKind.Rejected, answers[137].Outcome.Error!.Kind);
        Assert.Equal(199, answers.Count(a => a.Outcome.Succeeded));
        Assert.Same(answers[137], Assert.Single(answers, a => a.Charged));

        static bool IsBad(WriteItem item) => (string)item.Fields["name"]! == "137";
    }

    [Theory]
    [InlineData(201, 200)]
    [InlineData(200, 50)]
    [InlineData(51, 50)]
    [InlineData(50, 10)]
    [InlineData(11, 10)]
    [InlineData(10, 1)]
    [InlineData(2, 1)]
    public void A_call_of_any_size_enters_the_ladder_at_its_next_smaller_step(int rows, int smaller) => Assert.Equal(smaller, BatchLane.Smaller(rows));

    [Fact]
    public async Task Rows_that_a_trigger_of_the_org_fails_together_are_tried_in_smaller_calls()
    {
        _connection.OnWrite = batch => Task.FromResult(batch.Items.Count > 10
            ? new BatchAnswer<WriteResult> { Items = [.. batch.Items.Select(_ => Outcome<WriteResult>.Failed(new OperationError(ErrorKind.BatchScoped, "LIMIT", "Too many SOQL queries.")))] }
            : ScriptedConnection.Created(batch));
        var answers = await All(100, Write);
        // All parts of 50 fail as well: that looks like the outside, so the rows go back unblamed and the next try is smaller.
        Assert.All(answers, a => Assert.False(a.Charged));
        var again = await All(100, Write);
        Assert.All(again, a => Assert.True(a.Outcome.Succeeded));
    }

    [Fact]
    public async Task When_the_outside_is_down_no_row_is_blamed()
    {
        _connection.OnWrite = _ => Task.FromResult(BatchAnswer<WriteResult>.Failed(new OperationError(ErrorKind.Transient, "503", "Unavailable.")));
        var answers = await All(20, Write);
        Assert.All(answers, a => Assert.False(a.Charged));
        Assert.Single(_connection.Writes);
    }

    [Fact]
    public async Task A_lost_answer_of_an_idempotent_write_is_sent_again_and_of_a_create_is_told()
    {
        var calls = 0;
        _connection.OnWrite = batch => Task.FromResult(calls++ == 0
            ? BatchAnswer<WriteResult>.Failed(new OperationError(ErrorKind.UnknownOutcome, "reset", "The answer was lost."))
            : ScriptedConnection.Created(batch));
        var updates = await All(20, i => Write(i, verb: WriteVerb.Update));
        Assert.All(updates, a => Assert.True(a.Outcome.Succeeded));
        calls = 0;
        var creates = await All(20, Write);
        Assert.All(creates, a => Assert.Equal(ErrorKind.UnknownOutcome, a.Outcome.Error!.Kind));
    }

    [Fact]
    public async Task Checkpoints_of_a_flush_are_one_transaction_before_the_call_leaves()
    {
        _connection.OnWrite = batch =>
        {
            Assert.Equal(50, Assert.Single(_commit.Transactions).Count);
            return Task.FromResult(ScriptedConnection.Created(batch));
        };
        await All(50, i => Write(i, before: Claim(i)));
        Assert.Single(_connection.Writes);
    }

    [Fact]
    public async Task A_row_whose_claim_meets_another_run_is_not_sent()
    {
        _commit.Conflicts = set => set.Changes.OfType<ClaimLinks>().Single().Run == "3" ? [new LinkRow(Key(3), null, "other", null)] : [];
        var answers = await All(5, i => Write(i, before: Claim(i)));
        Assert.Equal("other", Assert.Single(answers[3].Conflicts).OwnerRun);
        Assert.Equal(4, Assert.Single(_connection.Writes).Items.Count);
    }

    [Fact]
    public async Task A_call_that_is_not_full_leaves_after_the_linger_while_other_runs_still_compute()
    {
        _runnable.Enter();
        var answer = Write(1);
        Assert.Empty(_connection.Writes);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        await answer;
        Assert.Single(_connection.Writes);
        _runnable.Leave();
    }

    [Fact]
    public async Task A_connector_that_throws_blames_no_record()
    {
        _connection.OnWrite = _ => throw new InvalidOperationException("broken");
        var answers = await All(3, Write);
        Assert.All(answers, a => Assert.Equal((ErrorKind.Bug, false), (a.Outcome.Error!.Kind, a.Charged)));
    }

    [Fact]
    public async Task A_call_without_an_answer_ends_after_its_timeout()
    {
        _connection.OnWrite = _ => new TaskCompletionSource<BatchAnswer<WriteResult>>().Task;
        var answer = Write(1);
        await WaitForAsync(() => _connection.Writes.Count == 1);
        _time.Advance(TimeSpan.FromSeconds(32));
        Assert.Equal(ErrorKind.UnknownOutcome, (await answer).Outcome.Error!.Kind);
    }

    [Fact]
    public async Task Without_joining_every_row_is_a_call_of_its_own()
    {
        using var single = new Batcher(_commit, _runnable, _time, new BatcherOptions { Join = false });
        var answers = await All(5, async i =>
        {
            _runnable.Enter();
            var answer = await single.WriteAsync(Ask(i), CancellationToken.None);
            _runnable.Leave();
            return answer;
        });
        Assert.All(answers, a => Assert.True(a.Outcome.Succeeded));
        Assert.Equal(5, _connection.Writes.Count);
    }

    [Fact]
    public async Task A_smaller_size_is_remembered_and_grows_back_when_calls_go_well()
    {
        var bad = true;
        _connection.OnWrite = batch => Task.FromResult(bad && batch.Items.Count > 50
            ? BatchAnswer<WriteResult>.Failed(new OperationError(ErrorKind.BatchScoped, "500", "Server error."))
            : ScriptedConnection.Created(batch));
        await All(150, Write);
        Assert.Equal([150, 50, 50, 50], _connection.Writes.Select(w => w.Items.Count));
        bad = false;
        await All(50, Write);
        await All(200, Write);
        Assert.Equal([150, 50, 50, 50, 50, 100, 100], _connection.Writes.Select(w => w.Items.Count));
        for (var i = 0; i < 4; i++) await All(200, Write);
        Assert.Equal(200, _connection.Writes[^1].Items.Count);
    }

    [Fact]
    public async Task A_limit_that_stays_is_met_less_and_less()
    {
        _connection.OnWrite = batch => Task.FromResult(batch.Items.Count > 50
            ? BatchAnswer<WriteResult>.Failed(new OperationError(ErrorKind.BatchScoped, "500", "Server error."))
            : ScriptedConnection.Created(batch));
        for (var i = 0; i < 40; i++) await All(200, Write);
        var firstHalf = _connection.Writes.Take(_connection.Writes.Count / 2).Count(w => w.Items.Count > 50);
        var secondHalf = _connection.Writes.Skip(_connection.Writes.Count / 2).Count(w => w.Items.Count > 50);
        Assert.InRange(secondHalf, 1, firstHalf - 1);
    }

    private static BoundConnection Bind(IConnection connection) => new()
    {
        Name = "fake", Workspace = "default", Realm = "fake:1", Connection = connection, Settle = TimeSpan.FromMinutes(1),
        Descriptor = new ConnectorDescriptor { Name = "fake", Title = "Fake", Entities = [], Settle = TimeSpan.FromMinutes(1) },
    };

    private static LinkKey Key(int i) => new("default", "fake:1", "Account", "name", $"{i}");

    private static ChangeSet Claim(int i) => new([new ClaimLinks($"{i}", [Key(i)], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)]);

    private static async Task WaitForAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 100_000, "It never happened.");
            await Task.Yield();
        }
    }

    /// <summary>As many runs as asked become runnable first, as after a claim; then each asks.</summary>
    private async Task<Answer<T>[]> All<T>(int count, Func<int, Task<Answer<T>>> ask)
    {
        _runnable.Enter();
        var asked = Enumerable.Range(0, count).Select(ask).ToList();
        _runnable.Leave();
        return await Task.WhenAll(asked);
    }

    private Task<Answer<WriteResult>> Write(int i) => Write(i, verb: WriteVerb.Create);

    /// <summary>A run that asks and, once answered, ends.</summary>
    private async Task<Answer<WriteResult>> Write(int i, WriteVerb verb = WriteVerb.Create, string? target = null, string? parent = null, ChangeSet? before = null)
    {
        _runnable.Enter();
        var answer = await _batcher.WriteAsync(Ask(i, verb, target, parent, before), CancellationToken.None);
        _runnable.Leave();
        return answer;
    }

    private WriteAsk Ask(int i, WriteVerb verb = WriteVerb.Create, string? target = null, string? parent = null, ChangeSet? before = null) => new()
    {
        Connection = _bound, Entity = "Account", Verb = verb, Target = target, LockParents = parent is null ? [] : [parent], Before = before, Priority = CallPriority.Live,
        Item = new WriteItem { Id = verb == WriteVerb.Create ? null : $"{i}", Fields = new Dictionary<string, object?> { ["name"] = $"{i}" } },
    };

    private async Task<Answer<ReadRows>> Read(string email)
    {
        _runnable.Enter();
        var answer = await _batcher.ReadAsync(
            new ReadAsk { Connection = _bound, Entity = "Contact", Fields = ["Id"], Condition = new FieldCondition("Email", Comparison.In, [email]), Priority = CallPriority.Live },
            CancellationToken.None);
        _runnable.Leave();
        return answer;
    }
}

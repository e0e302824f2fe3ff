using WorkflowEngine.Abstractions;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Faults;

namespace WorkflowEngine.Connectors.Tests;

/// <summary>What every connector must do, whatever its vendor: inherit it, say how to connect, what to read and what to write.</summary>
public abstract class ConnectorContract : IAsyncLifetime
{
    private IConnection? _connection;

    protected StepClock Clock { get; } = new();

    protected RecordingGate Gate { get; } = new();

    /// <summary>The simulator that answers.</summary>
    protected abstract Simulator Simulator { get; }

    protected abstract IConnector Connector { get; }

    /// <summary>The connector that is held to the contract, where <see cref="Connector"/> only wraps it.</summary>
    protected virtual Type Tested => Connector.GetType();

    internal Type ConnectorType => Tested;

    /// <summary>Starts the simulator and puts a few records into it.</summary>
    protected abstract Task StartAsync();

    protected abstract Task StopAsync();

    /// <summary>Settings that reach the simulator.</summary>
    protected abstract ConnectionSettings Settings();

    /// <summary>The settings with every secret replaced by this text.</summary>
    protected abstract ConnectionSettings WithSecrets(string secret);

    /// <summary>The settings with an address where nobody listens.</summary>
    protected abstract ConnectionSettings Unreachable();

    /// <summary>Reads one record that exists.</summary>
    protected abstract ReadBatch SampleRead();

    /// <summary>Makes one record.</summary>
    protected abstract WriteBatch SampleCreate();

    /// <summary>Changes one record that exists.</summary>
    protected abstract WriteBatch SampleUpdate();

    /// <summary>How many records of the sample's kind there are.</summary>
    protected abstract int CountOfSamples();

    /// <summary>Part of the path of reads and of writes, for faults.</summary>
    protected virtual string Paths => "*";

    /// <summary>What an unclear 5xx on a create may be.</summary>
    protected virtual IReadOnlyList<ErrorKind> UnclearCreate => [ErrorKind.UnknownOutcome];

    protected IConnection Connection => _connection ??= Connect(Settings());

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        Assert.Null((await Connection.OpenAsync(Cancel)).Error);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected IConnection Connect(ConnectionSettings settings) => Connector.Connect(settings, new ConnectorContext { Time = Clock, Gate = Gate, Seed = 1 });

    [Fact]
    public async Task The_sample_can_be_read_made_and_changed()
    {
        Assert.NotEmpty((await ReadAsync()).Items[0].Value!.Rows);
        var before = CountOfSamples();
        var created = (await Connection.WriteAsync(SampleCreate(), Cancel)).Items[0];
        Assert.Null(created.Error);
        Assert.NotEmpty(created.Value!.Id);
        Assert.Equal(before + 1, CountOfSamples());
        Assert.Null((await Connection.WriteAsync(SampleUpdate(), Cancel)).Items[0].Error);
    }

    [Fact]
    public void Correct_settings_have_no_problem_and_empty_ones_name_each_missing_value()
    {
        Assert.Empty(Connector.Validate(Settings()));
        var problems = Connector.Validate(new ConnectionSettings { Name = "empty", Connector = Connector.Descriptor.Name });
        Assert.All(Connector.Descriptor.Secrets.Where(s => s.Required), s => Assert.Contains(problems, p => p.Path == $"secrets.{s.Name}"));
    }

    [Fact]
    public void A_connector_with_jobs_of_very_many_rows_inherits_their_contract() =>
        Assert.Equal(Connection.BulkWrites is not null || Connection.BulkReads is not null, this is BulkContract);

    [Theory]
    [InlineData(7)]
    [InlineData(null)]
    public async Task A_rate_limited_call_says_so_and_pauses_the_realm(int? seconds)
    {
        Fault(new FaultRule { Kind = FaultKind.RateLimited, RetryAfterSeconds = seconds });
        foreach (var error in new[] { await ReadErrorAsync(), await WriteErrorAsync(SampleCreate()) })
        {
            Assert.Equal(ErrorKind.RateLimited, error.Kind);
            Assert.True(error.NotExecuted);
            Assert.Equal(seconds, error.RetryAfter?.TotalSeconds);
        }

        Assert.All(Gate.Pauses, p => Assert.True(seconds is null ? p > TimeSpan.Zero : p == TimeSpan.FromSeconds(7)));
        Assert.NotEmpty(Gate.Pauses);
    }

    [Theory]
    [InlineData(FaultKind.ServerError)]
    [InlineData(FaultKind.Unavailable)]
    [InlineData(FaultKind.Reset)]
    [InlineData(FaultKind.Malformed)]
    public async Task A_read_that_fails_once_is_repeated_shortly(FaultKind fault)
    {
        Fault(new FaultRule { Kind = fault, Count = 1 });
        Assert.Null((await ReadAsync()).Items[0].Error);
        Assert.InRange(Clock.Waited, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(FaultKind.ServerError)]
    [InlineData(FaultKind.Unavailable)]
    [InlineData(FaultKind.Reset)]
    [InlineData(FaultKind.Malformed)]
    public async Task A_read_that_keeps_failing_is_passing_trouble_after_at_most_two_seconds_of_waiting(FaultKind fault)
    {
        Fault(new FaultRule { Kind = fault });
        Assert.Equal(ErrorKind.Transient, (await ReadErrorAsync()).Kind);
        Assert.True(Clock.Waited <= TimeSpan.FromSeconds(2), $"waited {Clock.Waited}");
    }

    [Theory]
    [InlineData(FaultKind.ServerError)]
    [InlineData(FaultKind.Unavailable)]
    public async Task A_create_with_a_server_error_is_not_repeated_here(FaultKind fault)
    {
        Fault(new FaultRule { Kind = fault });
        var before = Simulator.Statistics.Total;
        Assert.Contains((await WriteErrorAsync(SampleCreate())).Kind, UnclearCreate);
        Assert.Equal(before + 1, Simulator.Statistics.Total);
    }

    [Theory]
    [InlineData(FaultKind.LostAnswer, 1)]
    [InlineData(FaultKind.Malformed, 1)]
    [InlineData(FaultKind.Reset, 0)]
    public async Task A_create_whose_answer_is_lost_has_an_unknown_outcome(FaultKind fault, int made)
    {
        Fault(new FaultRule { Kind = fault });
        var before = CountOfSamples();
        var error = await WriteErrorAsync(SampleCreate());
        Assert.Equal(ErrorKind.UnknownOutcome, error.Kind);
        Assert.False(error.NotExecuted);
        Assert.Equal(before + made, CountOfSamples());
    }

    [Theory]
    [InlineData(FaultKind.TimeoutBefore)]
    [InlineData(FaultKind.TimeoutAfter)]
    public async Task A_write_that_times_out_after_sending_has_an_unknown_outcome_and_a_read_is_passing_trouble(FaultKind fault)
    {
        Fault(new FaultRule { Kind = fault });
        var write = await TimingOutAsync(() => WriteErrorAsync(SampleCreate()));
        Assert.Equal((ErrorKind.UnknownOutcome, "timeout"), (write.Kind, write.Code));
        var read = await TimingOutAsync(ReadErrorAsync);
        Assert.Equal((ErrorKind.Transient, "timeout"), (read.Kind, read.Code));
    }

    [Fact]
    public async Task A_write_that_found_nobody_was_surely_not_executed()
    {
        await using var nobody = Connect(Unreachable());
        var answer = await nobody.WriteAsync(SampleCreate(), Cancel);
        var error = answer.CallError ?? answer.Items[0].Error;
        Assert.Equal(ErrorKind.Transient, error?.Kind);
        Assert.True(error!.NotExecuted);
    }

    [Fact]
    public async Task An_expired_token_is_renewed_once_and_nobody_notices()
    {
        await ReadAsync();
        Fault(new FaultRule { Kind = FaultKind.ExpiredToken, Count = 1 });
        Assert.Null((await ReadAsync()).Items[0].Error);
        Fault(new FaultRule { Kind = FaultKind.ExpiredToken, Count = 1 });
        var before = CountOfSamples();
        Assert.Null((await Connection.WriteAsync(SampleCreate(), Cancel)).Items[0].Error);
        Assert.Equal(before + 1, CountOfSamples());
    }

    [Fact]
    public async Task A_token_that_is_always_refused_is_an_authentication_error()
    {
        Fault(new FaultRule { Kind = FaultKind.ExpiredToken });
        Assert.Equal(ErrorKind.Authentication, (await ReadErrorAsync()).Kind);
        Assert.Equal(ErrorKind.Authentication, (await WriteErrorAsync(SampleCreate())).Kind);
    }

    [Fact]
    public async Task Wrong_credentials_are_an_authentication_error_that_shows_no_secret()
    {
        const string Canary = "CANARY-7f3a9c";
        var settings = WithSecrets(Canary);
        await using var connection = Connect(settings);
        var opened = await connection.OpenAsync(Cancel);
        Assert.Equal(ErrorKind.Authentication, opened.Error?.Kind);
        var read = await connection.ReadAsync(SampleRead(), Cancel);
        foreach (var error in new[] { opened.Error!, (read.CallError ?? read.Items[0].Error)! }) Assert.DoesNotContain(Canary, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, settings.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, connection.ToString() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vendor_that_echoes_a_secret_does_not_get_it_into_an_error()
    {
        var secrets = Settings().Secrets.Values.ToList();
        Fault(new FaultRule { Kind = FaultKind.VendorError, Status = 400, Code = "X", Message = string.Join(' ', secrets) });
        var error = await WriteErrorAsync(SampleCreate());
        Assert.All(secrets, s => Assert.DoesNotContain(s, error.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_budget_is_asked_for_every_call_with_the_priority_of_the_asker()
    {
        Gate.Entered.Clear();
        var before = Simulator.Statistics.Total;
        await Connection.ReadAsync(SampleRead() with { Priority = CallPriority.Backfill }, Cancel);
        Assert.Equal(Simulator.Statistics.Total - before, Gate.Entered.Count);
        Assert.All(Gate.Entered, p => Assert.Equal(CallPriority.Backfill, p));
    }

    [Fact]
    public async Task A_refused_place_in_the_budget_is_the_answer()
    {
        Gate.Refusal = new OperationError(ErrorKind.Quota, "quota", "Nothing left today.") { RetryAfter = TimeSpan.FromHours(3) };
        var error = await WriteErrorAsync(SampleCreate());
        Assert.Equal(ErrorKind.Quota, error.Kind);
        Assert.True(error.NotExecuted);
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled()
    {
        Fault(new FaultRule { Kind = FaultKind.TimeoutBefore });
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var before = Simulator.Statistics.Total;
        var call = Connection.ReadAsync(SampleRead(), leaving.Token);
        await UntilAsync(() => Simulator.Statistics.Total > before);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task What_the_connector_does_not_know_is_misconfigured()
    {
        var read = await Connection.ReadAsync(SampleRead() with { Entity = "noSuchEntity__x" }, Cancel);
        Assert.Equal(ErrorKind.Misconfigured, (read.CallError ?? read.Items[0].Error)?.Kind);
        var call = await Connection.CallAsync(new CallBatch { Operation = "no.such", Items = [new Dictionary<string, object?>()] }, Cancel);
        Assert.Equal(ErrorKind.Misconfigured, (call.CallError ?? call.Items[0].Error)?.Kind);
        var poll = await Connection.PollAsync(new PollRequest { Entity = SampleRead().Entity, Feed = "no-such-feed", Cursor = new SourceCursor(null, null) }, Cancel);
        Assert.Equal(ErrorKind.Misconfigured, poll.Error?.Kind);
    }

    protected void Fault(FaultRule rule) => Simulator.Faults.Add(rule with { Path = rule.Path ?? Paths });

    protected async Task<BatchAnswer<ReadRows>> ReadAsync() => await Connection.ReadAsync(SampleRead(), Cancel);

    protected async Task<OperationError> ReadErrorAsync() => ErrorOf(await ReadAsync());

    protected async Task<OperationError> WriteErrorAsync(WriteBatch batch) => ErrorOf(await Connection.WriteAsync(batch, Cancel));

    protected static OperationError ErrorOf<T>(BatchAnswer<T> answer) =>
        answer.CallError ?? Assert.Single(answer.Items).Error ?? throw new InvalidOperationException("The call succeeded, an error was expected.");

    /// <summary>Runs a call that is held by the simulator and lets its time limit pass.</summary>
    protected async Task<T> TimingOutAsync<T>(Func<Task<T>> call)
    {
        var before = Simulator.Statistics.Total;
        var running = call();
        await UntilAsync(() => Simulator.Statistics.Total > before);
        Clock.PassTimeLimits();
        return await running;
    }

    protected static async Task UntilAsync(Func<bool> reached)
    {
        while (!reached())
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}

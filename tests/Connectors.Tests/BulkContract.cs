using WorkflowEngine.Abstractions;
using WorkflowEngine.Simulators.Faults;

namespace WorkflowEngine.Connectors.Tests;

/// <summary>What every connector with jobs of very many rows must do beside <see cref="ConnectorContract"/>; a connector that has such a port inherits this one, which the contract itself checks.</summary>
public abstract class BulkContract : ConnectorContract
{
    private const int Rows = 300;

    private static readonly int[] Bad = [7, 107, 207];

    /// <summary>A wave that makes a record of the sample's kind for each row but the bad ones, which the vendor refuses. The rows of two calls of this method are the same.</summary>
    protected abstract WriteBatch SampleWave(int rows, IReadOnlyCollection<int> bad);

    /// <summary>Reads what the wave made.</summary>
    protected abstract BulkRead SampleBulkRead();

    /// <summary>The id of the record that was made of a row of the wave; null when there is none.</summary>
    protected abstract string? MadeOf(int row);

    /// <summary>So much time passes at the vendor that every job is over.</summary>
    protected abstract void Finish();

    private IBulkWrites Writes => Connection.BulkWrites!;

    private IBulkReads Reads => Connection.BulkReads!;

    private WriteBatch Wave => SampleWave(Rows, Bad);

    [Fact]
    public async Task Every_row_of_a_job_gets_its_own_result_in_the_order_of_the_wave()
    {
        var before = CountOfSamples();
        var results = await RunAsync(Wave);
        Assert.Equal(Rows, results.Count);
        Assert.Equal(before + Rows - Bad.Length, CountOfSamples());
        for (var i = 0; i < Rows; i++)
        {
            if (Bad.Contains(i)) Assert.Equal(ErrorKind.Rejected, results[i].Error?.Kind);
            else Assert.Equal((MadeOf(i), true), (results[i].Value!.Id, results[i].Value!.Created));
        }
    }

    [Fact]
    public async Task A_job_that_nobody_fills_changes_nothing()
    {
        var before = CountOfSamples();
        Assert.NotEmpty((await Writes.CreateAsync(Wave, Cancel)).Value!);
        Finish();
        Assert.Equal(before, CountOfSamples());
    }

    [Fact]
    public async Task A_kept_id_goes_on_in_another_process_and_a_wave_sent_twice_is_written_once()
    {
        var before = CountOfSamples();
        var job = (await Writes.CreateAsync(Wave, Cancel)).Value!;
        await using var other = Connect(Settings());
        await other.OpenAsync(Cancel);
        Assert.Equal(BulkPhase.Open, (await other.BulkWrites!.StatusAsync(job, CallPriority.Backfill, Cancel)).Value!.Phase);
        Assert.Null((await other.BulkWrites.SendAsync(job, Wave, Cancel)).Error);
        Assert.Null((await Writes.SendAsync(job, Wave, Cancel)).Error);
        Finish();
        Assert.True((await other.BulkWrites.StatusAsync(job, CallPriority.Backfill, Cancel)).Value!.IsOver);
        Assert.Equal(Rows - Bad.Length, (await other.BulkWrites.ResultsAsync(job, Wave, Cancel)).Value!.Count(r => r.Succeeded));
        Assert.Equal(before + Rows - Bad.Length, CountOfSamples());
        // Results stay, and are the same again.
        Assert.Equal(Rows - Bad.Length, (await Writes.ResultsAsync(job, Wave, Cancel)).Value!.Count(r => r.Succeeded));
    }

    [Theory]
    [InlineData(FaultKind.LostAnswer)]
    [InlineData(FaultKind.Reset)]
    [InlineData(FaultKind.ServerError)]
    [InlineData(FaultKind.Unavailable)]
    [InlineData(FaultKind.Malformed)]
    [InlineData(FaultKind.RateLimited)]
    public async Task Whatever_a_call_meets_asking_again_ends_well_and_writes_each_row_once(FaultKind fault)
    {
        var before = CountOfSamples();
        var job = await StubbornAsync(fault, () => Writes.CreateAsync(Wave, Cancel));
        await StubbornAsync(fault, () => Writes.SendAsync(job, Wave, Cancel));
        Finish();
        Assert.True((await StubbornAsync(fault, () => Writes.StatusAsync(job, CallPriority.Backfill, Cancel))).IsOver);
        var results = await StubbornAsync(fault, () => Writes.ResultsAsync(job, Wave, Cancel));
        Assert.Equal(Rows - Bad.Length, results.Count(r => r.Succeeded));
        Assert.Equal(before + Rows - Bad.Length, CountOfSamples());
    }

    [Fact]
    public async Task An_expired_token_is_renewed_in_the_middle_of_a_job()
    {
        var job = (await Writes.CreateAsync(Wave, Cancel)).Value!;
        Fault(new FaultRule { Kind = FaultKind.ExpiredToken, Count = 1 });
        Assert.Null((await Writes.SendAsync(job, Wave, Cancel)).Error);
        Simulator.Faults.Clear();
        Finish();
        Fault(new FaultRule { Kind = FaultKind.ExpiredToken, Count = 1 });
        Assert.Equal(Rows - Bad.Length, (await Writes.ResultsAsync(job, Wave, Cancel)).Value!.Count(r => r.Succeeded));
    }

    [Fact]
    public async Task What_stops_a_call_has_its_kind_in_every_operation()
    {
        var job = (await Writes.CreateAsync(Wave, Cancel)).Value!;
        Fault(new FaultRule { Kind = FaultKind.ExpiredToken });
        Assert.All(await ErrorsAsync(Connection, job), e => Assert.Equal(ErrorKind.Authentication, e?.Kind));
        Simulator.Faults.Clear();
        Gate.Refusal = new OperationError(ErrorKind.Quota, "quota", "Nothing left today.") { RetryAfter = TimeSpan.FromHours(3), NotExecuted = true };
        Assert.All(await ErrorsAsync(Connection, job), e => Assert.Equal(ErrorKind.Quota, e?.Kind));
        Gate.Refusal = null;
        await using var nobody = Connect(Unreachable());
        Assert.All(await ErrorsAsync(nobody, job), e => Assert.Equal((ErrorKind.Transient, true), (e?.Kind, e?.NotExecuted)));
    }

    [Fact]
    public async Task A_vendor_that_echoes_secrets_does_not_get_them_into_an_error()
    {
        var job = (await Writes.CreateAsync(Wave, Cancel)).Value!;
        var secrets = Settings().Secrets.Values.ToList();
        Fault(new FaultRule { Kind = FaultKind.VendorError, Status = 400, Code = "X", Message = string.Join(' ', secrets) });
        var errors = await ErrorsAsync(Connection, job);
        Assert.Contains(errors, e => e?.Message.Contains("***", StringComparison.Ordinal) == true);
        Assert.All(errors, e => Assert.All(secrets, s => Assert.DoesNotContain(s, e!.ToString(), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_call_passes_the_budget_with_the_priority_of_the_wave()
    {
        Gate.Entered.Clear();
        var before = Simulator.Statistics.Total;
        await RunAsync(Wave with { Priority = CallPriority.Backfill });
        Assert.Equal(Simulator.Statistics.Total - before, Gate.Entered.Count);
        Assert.All(Gate.Entered, p => Assert.Equal(CallPriority.Backfill, p));
    }

    [Fact]
    public async Task A_stopped_job_says_of_each_row_that_it_was_not_worked_on()
    {
        var before = CountOfSamples();
        var job = (await Writes.CreateAsync(Wave, Cancel)).Value!;
        await Writes.SendAsync(job, Wave, Cancel);
        Assert.True((await Writes.AbortAsync(job, CallPriority.Backfill, Cancel)).Value!.IsOver);
        var results = (await Writes.ResultsAsync(job, Wave, Cancel)).Value!;
        Assert.All(results, r => Assert.Equal((ErrorKind.Transient, true), (r.Error?.Kind, r.Error?.NotExecuted)));
        Assert.Equal(before, CountOfSamples());
    }

    [Fact]
    public async Task A_cancelled_call_of_a_job_ends_as_cancelled()
    {
        var job = (await Writes.CreateAsync(Wave, Cancel)).Value!;
        Fault(new FaultRule { Kind = FaultKind.TimeoutBefore });
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var before = Simulator.Statistics.Total;
        var call = Writes.SendAsync(job, Wave, leaving.Token);
        await UntilAsync(() => Simulator.Statistics.Total > before);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_wave_that_cannot_go_by_a_job_is_refused_before_anything_is_sent()
    {
        var before = Simulator.Statistics.Total;
        var merge = Wave with { Verb = WriteVerb.Merge };
        Assert.Equal(ErrorKind.Misconfigured, Writes.Refusal(merge)?.Kind);
        Assert.Equal(ErrorKind.Misconfigured, (await Writes.CreateAsync(merge, Cancel)).Error?.Kind);
        Assert.Null(Writes.Refusal(Wave));
        Assert.Equal(before, Simulator.Statistics.Total);
        Assert.InRange(Writes.LeastRows, 2, Writes.MostRows);
    }

    [Fact]
    public async Task A_job_that_reads_gives_each_record_once_in_pages_that_can_be_read_again()
    {
        await RunAsync(Wave);
        var read = SampleBulkRead();
        var job = (await Reads.StartAsync(read, Cancel)).Value!;
        Finish();
        Assert.True((await Reads.StatusAsync(job, CallPriority.Backfill, Cancel)).Value!.IsOver);
        var pages = new List<BulkPage>();
        var places = new List<string?> { null };
        do
        {
            pages.Add((await Reads.PageAsync(job, read, places[^1], 100, Cancel)).Value!);
            places.Add(pages[^1].Next);
        }
        while (places[^1] is not null);
        Assert.All(pages, p => Assert.InRange(p.Rows.Count, 1, 100));
        var id = Connector.Descriptor.Entity(read.Entity)!.IdField;
        var ids = pages.SelectMany(p => p.Rows).Select(r => (string)r[id]!).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Superset(Enumerable.Range(0, Rows).Select(MadeOf).OfType<string>().ToHashSet(), ids.ToHashSet());
        for (var i = 0; i < pages.Count; i++) Assert.Equivalent(pages[i].Rows, (await Reads.PageAsync(job, read, places[i], 100, Cancel)).Value!.Rows);
    }

    /// <summary>The errors of all operations on a job.</summary>
    private async Task<IReadOnlyList<OperationError?>> ErrorsAsync(IConnection connection, string job)
    {
        var (writes, reads, wave, read) = (connection.BulkWrites!, connection.BulkReads!, Wave, SampleBulkRead());
        return
        [
            (await writes.CreateAsync(wave, Cancel)).Error, (await writes.SendAsync(job, wave, Cancel)).Error, (await writes.StatusAsync(job, CallPriority.Backfill, Cancel)).Error,
            (await writes.ResultsAsync(job, wave, Cancel)).Error, (await writes.AbortAsync(job, CallPriority.Backfill, Cancel)).Error,
            (await reads.StartAsync(read, Cancel)).Error, (await reads.StatusAsync(job, CallPriority.Backfill, Cancel)).Error, (await reads.PageAsync(job, read, null, 100, Cancel)).Error,
        ];
    }

    /// <summary>The next call meets trouble, the ones behind it do not; it is asked until it succeeds.</summary>
    private async Task<T> StubbornAsync<T>(FaultKind fault, Func<Task<Outcome<T>>> ask)
    {
        Fault(new FaultRule { Kind = fault, Count = 1 });
        for (var i = 0; i < 4; i++)
        {
            var outcome = await ask();
            if (outcome.Succeeded)
            {
                Simulator.Faults.Clear();
                return outcome.Value;
            }

            Assert.Contains(outcome.Error.Kind, (ErrorKind[])[ErrorKind.Transient, ErrorKind.UnknownOutcome, ErrorKind.RateLimited]);
        }

        throw new InvalidOperationException($"{fault} was met once, and asking again does not help.");
    }

    private async Task<IReadOnlyList<Outcome<WriteResult>>> RunAsync(WriteBatch wave)
    {
        var job = (await Writes.CreateAsync(wave, Cancel)).Value!;
        Assert.Null((await Writes.SendAsync(job, wave, Cancel)).Error);
        Finish();
        Assert.True((await Writes.StatusAsync(job, CallPriority.Backfill, Cancel)).Value!.IsOver);
        return (await Writes.ResultsAsync(job, wave, Cancel)).Value!;
    }
}

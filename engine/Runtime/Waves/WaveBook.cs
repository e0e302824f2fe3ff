using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>
/// Where the rows of a large backfill gather into jobs of the vendor. A run whose effect may go by a job takes a seat and is parked with its intent; when the wave is full, or nobody has come for a
/// while, one job takes all rows, and each run is woken with its own row's answer. The job's id is kept before its rows are handed over: after a crash the runs ask for their answers there.
/// </summary>
internal sealed class WaveBook : IAsyncDisposable
{
    /// <summary>A parked run looks at least so often whether it still has a seat.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>A wave to which nobody comes for so long leaves as it is.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(30);

    private readonly Batcher _batcher;
    private readonly IInboxStore _inbox;
    private readonly JobAnswers _answers;
    private readonly WaveSender _sender;
    private readonly RuntimeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<WaveKey, Wave> _gathering = [];
    private readonly Dictionary<string, Wave> _waves = [];
    private readonly Dictionary<DeploymentRef, int> _seats = [];
    private readonly HashSet<Task> _running = [];
    private readonly CancellationTokenSource _stop = new();

    public WaveBook(Batcher batcher, IGroupCommit commit, IInboxStore inbox, IBulkJobStore jobs, RunnableCounter runnable, IEffectBoundary boundary, RuntimeOptions options, TimeProvider time, ILogger log)
    {
        (_batcher, _inbox, _options, _time, _log) = (batcher, inbox, options, time, log);
        _sender = new WaveSender(commit, boundary, time, log);
        _answers = new JobAnswers(commit, jobs, runnable, time, log);
    }

    /// <summary>How many records of a deployment's backfill are still to run; jobs are for large ones.</summary>
    public Func<DeploymentRef, long> Ahead { get; set; } = static _ => 0;

    /// <summary>Runs were woken.</summary>
    public event Action? Woken;

    /// <summary>Runs of a deployment that wait in waves.</summary>
    public int SeatsOf(DeploymentRef deployment)
    {
        lock (_gate) return _seats.GetValueOrDefault(deployment);
    }

    /// <summary>A place in the wave that gathers; null = the row goes by an ordinary call.</summary>
    public Seat? Join(Run run, WriteAsk ask)
    {
        if (ask.Priority != CallPriority.Backfill || ask.Connection.Connection.BulkWrites is not { } bulk || _stop.IsCancellationRequested) return null;
        var key = new WaveKey(ask.Connection.Workspace, ask.Connection.Identity, ask.Entity, ask.Verb, ask.KeyField, ask.OptionsText);
        var targets = Batcher.TargetsOf(ask);
        lock (_gate)
        {
            if (!_gathering.TryGetValue(key, out var wave))
            {
                if (Ahead(run.Deployment.Ref) < bulk.LeastRows) return null;
                var kind = new WriteBatch { Entity = ask.Entity, Verb = ask.Verb, KeyField = ask.KeyField, Options = ask.Options, Priority = CallPriority.Backfill, Items = [], Steps = ask.Step is { } step ? [step] : [] };
                if (bulk.Refusal(kind) is not null) return null;
                var now = _time.GetUtcNow();
                wave = new Wave(key, Guid.CreateVersion7(now).ToString("N"), ask.Connection, bulk, kind, now);
                _gathering[key] = _waves[wave.Id] = wave;
                var begun = wave;
                _running.RemoveWhere(static t => t.IsCompleted);
                _running.Add(Task.Run(() => RunAsync(begun)));
            }

            // Who is at the same record goes first; this row waits for it where ordinary calls do.
            if (wave.Seats.ContainsKey(run.Event.Id) || !_batcher.TryHold(ask.Connection, targets)) return null;
            var seat = new Seat(wave, run.Deployment.Ref, run.Event.Id, ask, targets);
            var most = Math.Min(_options.MostWaveRows, bulk.MostRows);
            wave.Add(seat, _time.GetUtcNow(), most);
            if (wave.Seats.Count >= most) _gathering.Remove(key);
            _seats[seat.Deployment] = _seats.GetValueOrDefault(seat.Deployment) + 1;
            return seat;
        }
    }

    /// <summary>Nobody of the deployment comes any more: its waves leave as they are.</summary>
    public void Close(DeploymentRef deployment)
    {
        lock (_gate)
        {
            foreach (var wave in _gathering.Values.Where(w => w.Seats.Values.Any(s => s.Deployment == deployment)).ToList())
            {
                _gathering.Remove(wave.Key);
                wave.Close();
            }
        }
    }

    /// <summary>The run could not be parked: its row goes another way.</summary>
    public void Leave(Seat seat)
    {
        lock (_gate)
        {
            if (seat.Wave.Seats.Remove(seat.EventId)) Forget(seat);
        }

        seat.Leave();
        _batcher.Release(seat.Wave.Connection, seat.Targets);
    }

    /// <summary>What a run that comes back is told.</summary>
    public async ValueTask<SeatAnswer> TakeAsync(Run run, string waveId, WriteAsk ask)
    {
        lock (_gate)
        {
            if (_waves.TryGetValue(waveId, out var wave))
            {
                if (!wave.IsAnswered) return SeatAnswer.WaitingFor(LongestWait);
                if (!wave.Seats.Remove(run.Event.Id, out var seat)) return SeatAnswer.NotSent;
                if (wave.Seats.Count == 0) _waves.Remove(waveId);
                return seat.Answer ?? SeatAnswer.ByItself;
            }
        }

        return await _answers.AskAsync(run.Deployment.Ref.Workspace, waveId, ask, _stop.Token).ConfigureAwait(false) with { IsLate = true };
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>Waves that gather or are at the vendor are left as a crash would leave them: their runs are parked, and ask again after the next start.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Task[] running;
        lock (_gate) running = [.. _running];
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private async Task RunAsync(Wave wave)
    {
        try
        {
            var seats = await GatherAsync(wave).ConfigureAwait(false);
            await _sender.SendAsync(wave, seats, _stop.Token).ConfigureAwait(false);
            await EndAsync(wave, seats, answered: true).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // As after a crash: the runs ask again at the next start.
        }
        catch (Exception e)
        {
            WaveLog.Crashed(_log, wave.Id, e);
            List<Seat> seats;
            lock (_gate)
            {
                _gathering.Remove(wave.Key);
                seats = [.. wave.Seats.Values];
            }

            // Nothing was sent as long as there is no job; ordinary calls then say what is wrong with whom.
            if (!wave.HasJob) seats.ForEach(static s => s.Answer = SeatAnswer.ByItself);
            await EndAsync(wave, seats, answered: !wave.HasJob).ConfigureAwait(false);
        }
    }

    private async Task<List<Seat>> GatherAsync(Wave wave)
    {
        while (!wave.Full.IsCompleted)
        {
            await Task.WhenAny(wave.Full, Task.Delay(Linger, _time, _stop.Token)).ConfigureAwait(false);
            _stop.Token.ThrowIfCancellationRequested();
            lock (_gate)
            {
                if (_time.GetUtcNow() - wave.LastJoined < Linger) continue;
                if (_gathering.GetValueOrDefault(wave.Key) == wave) _gathering.Remove(wave.Key);
                break;
            }
        }

        List<Seat> seats;
        lock (_gate) seats = [.. wave.Seats.Values];
        // An effect leaves only when its intent is durable.
        foreach (var seat in seats) await seat.Parked.WaitAsync(_stop.Token).ConfigureAwait(false);
        return [.. seats.Where(s => !s.Left).OrderBy(s => s.LockParent, StringComparer.Ordinal)];
    }

    /// <summary>Gives every run its answer, or, when the wave was lost, leaves them to ask the vendor's job themselves.</summary>
    private async Task EndAsync(Wave wave, List<Seat> seats, bool answered)
    {
        lock (_gate)
        {
            foreach (var seat in seats) Forget(seat);
            wave.IsAnswered = answered;
            if (!answered || seats.Count == 0) _waves.Remove(wave.Id);
        }

        _batcher.Release(wave.Connection, [.. seats.SelectMany(s => s.Targets)]);
        if (seats.Count == 0) return;
        try
        {
            await _inbox.WakeAsync([.. seats.Select(s => s.EventId)], CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // They come by themselves, later.
            WaveLog.Crashed(_log, wave.Id, e);
        }

        Woken?.Invoke();
    }

    private void Forget(Seat seat)
    {
        var left = _seats.GetValueOrDefault(seat.Deployment) - 1;
        if (left > 0) _seats[seat.Deployment] = left;
        else _seats.Remove(seat.Deployment);
    }
}

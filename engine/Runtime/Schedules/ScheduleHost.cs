using System.Globalization;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>
/// Fires the schedules of all deployments. Each tick is one event, stored together with the place the schedule has come to, or opens a source until it has nothing more. Ticks
/// missed while nothing ran are one; a tick that finds the one before still under way is skipped. One that waits for drains fires when they are settled.
/// </summary>
internal sealed class ScheduleHost : IAsyncDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly DeploymentRegistry _registry;
    private readonly IOwnership _ownership;
    private readonly RuntimeStores _stores;
    private readonly IGroupCommit _commit;
    private readonly IEvaluator _evaluator;
    private readonly EventFactory _events;
    private readonly Func<SourceKey, SourceRunner> _sources;
    private readonly LaneSignal _signal;
    private readonly IncidentBook _incidents;
    private readonly IdleSignal _idle;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly DrainWatch _drains;
    private readonly Dictionary<(DeploymentRef, string), Entry> _entries = [];
    private readonly SemaphoreSlim _wake = new(0);
    private readonly DueTimer _timer;
    private CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private int _signalled;
    private int _working;
    private long _nextTick = long.MaxValue;
    private volatile bool _running;
    private volatile bool _held;

    public ScheduleHost(
        DeploymentRegistry registry, IOwnership ownership, RuntimeStores stores, IGroupCommit commit, IEvaluator evaluator, EventFactory events, Func<SourceKey, SourceRunner> sources,
        LaneSignal signal, IncidentBook incidents, IdleSignal idle, TimeProvider time, ILogger log)
    {
        (_registry, _ownership, _stores, _commit, _evaluator, _events, _sources) = (registry, ownership, stores, commit, evaluator, events, sources);
        (_signal, _incidents, _idle, _time, _log) = (signal, incidents, idle, time, log);
        _drains = new DrainWatch(registry, stores.Inbox, stores.Runs);
        _timer = new DueTimer(time, Wake);
        registry.Changed += Wake;
        ownership.Changed += Wake;
    }

    /// <summary>Nothing is fired now and nothing is due.</summary>
    public bool IsIdle => !_running || (Volatile.Read(ref _signalled) == 0 && Volatile.Read(ref _working) == 0 && Volatile.Read(ref _nextTick) > _time.GetUtcNow().UtcTicks);

    /// <summary>When a schedule ticks next; null when none will.</summary>
    public DateTimeOffset? NextTick => _running && Volatile.Read(ref _nextTick) is var ticks and < long.MaxValue ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public void Start()
    {
        _stop = new CancellationTokenSource();
        _running = true;
        _loop = Task.Run(LoopAsync);
        Wake();
    }

    public async Task StopAsync()
    {
        if (!_running) return;
        _running = false;
        await _stop.CancelAsync().ConfigureAwait(false);
        Wake();
        await _loop.ConfigureAwait(false);
        foreach (var entry in _entries.Values) await entry.Drain.ConfigureAwait(false);
        _entries.Clear();
        _stop.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _registry.Changed -= Wake;
        _ownership.Changed -= Wake;
        await StopAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        _wake.Dispose();
    }

    /// <summary>An event has ended: a tick that waits for drains may be due now.</summary>
    public void Settled()
    {
        if (_held) Wake();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _signalled, 1) == 0) _wake.Release();
    }

    private async Task LoopAsync()
    {
        while (true)
        {
            await _wake.WaitAsync().ConfigureAwait(false);
            Interlocked.Increment(ref _working);
            Volatile.Write(ref _signalled, 0);
            try
            {
                if (!_running) return;
                await LookAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!_running)
            {
                return;
            }
            catch (Exception e)
            {
                // The store failed: nothing was fired that is not stored.
                ScheduleLog.Failed(_log, e);
                _timer.Set(_time.GetUtcNow() + Again);
            }
            finally
            {
                Interlocked.Decrement(ref _working);
                _idle.Changed();
            }
        }
    }

    private async Task LookAsync()
    {
        var now = _time.GetUtcNow();
        var seen = new HashSet<(DeploymentRef, string)>();
        var next = DateTimeOffset.MaxValue;
        // Those that wait for drains come last: what is due at the same time is being drained then. An event that ends while they are looked at is looked at once more.
        var due = _registry.All.Where(d => d.State == DeploymentState.Active)
            .SelectMany(d => d.Flow.Triggers.Where(t => t.Schedule is not null && _ownership.Owns(Lane.OfCursor(CursorOf(d, t)))).Select(t => (Deployment: d, Trigger: t))).OrderBy(d => d.Trigger.AfterDrained).ToList();
        _held = due.Exists(d => d.Trigger.AfterDrained);
        var held = false;
        foreach (var (deployment, trigger) in due)
        {
            seen.Add((deployment.Ref, trigger.Id));
            if (await EntryAsync(deployment, trigger, now).ConfigureAwait(false) is not { } entry) continue;
            var slot = entry.Cron.Last(entry.Last, now);
            var waits = slot is not null && trigger.AfterDrained && !await _drains.IsSettledAsync(deployment, trigger, IsDraining, _stop.Token).ConfigureAwait(false);
            held |= waits;
            if (slot is not null && !waits) await FireAsync(deployment, trigger, entry, slot.Value).ConfigureAwait(false);
            if (entry.Cron.Next(waits ? now : entry.Last) is { } tick && tick < next) next = tick;
        }

        _held = held;

        foreach (var gone in _entries.Keys.Where(k => !seen.Contains(k)).ToList())
        {
            if (_entries[gone].Drain.IsCompleted) _entries.Remove(gone);
        }

        Volatile.Write(ref _nextTick, next == DateTimeOffset.MaxValue ? long.MaxValue : next.UtcTicks);
        if (next < DateTimeOffset.MaxValue) _timer.Set(next);
    }

    /// <summary>The schedule with the place it has come to; a new one begins now. Null when it cannot be used.</summary>
    private async Task<Entry?> EntryAsync(ActiveDeployment deployment, PlanTrigger trigger, DateTimeOffset now)
    {
        var at = (deployment.Ref, trigger.Id);
        if (_entries.TryGetValue(at, out var known) && known.MemoryOf == deployment.MemoryOf) return known.Usable ? known : null;
        var cron = await CronAsync(deployment, trigger).ConfigureAwait(false);
        var key = CursorOf(deployment, trigger);
        if (known is null)
        {
            var cursor = await _stores.Cursors.ReadAsync(key, _stop.Token).ConfigureAwait(false);
            if (cursor is null) await _commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([new SaveCursor(key, new SourceCursor(null, now), now)])).ConfigureAwait(false);
            known = new Entry { Last = cursor?.HighWater ?? now, Since = TimeOf(cursor?.Token) ?? cursor?.HighWater ?? now };
        }

        _entries[at] = known;
        known.MemoryOf = deployment.MemoryOf;
        known.Usable = cron is not null;
        if (cron is null) return null;
        known.Cron = cron;
        return known;
    }

    private async Task<CronSchedule?> CronAsync(ActiveDeployment deployment, PlanTrigger trigger)
    {
        var fingerprint = "schedule:" + trigger.Id;
        var evaluated = await _evaluator.EvaluateAsync(trigger.Schedule!, EventFactory.NewSlots(deployment), _stop.Token).ConfigureAwait(false);
        var problem = evaluated.Fault?.Message ?? "It is empty.";
        CronSchedule? cron = null;
        if (evaluated.Fault is null && evaluated.Values[0] is string text)
        {
            cron = CronSchedule.Parse(text, evaluated.Values.Length > 1 ? evaluated.Values[1] as string : null, out problem);
        }

        if (cron is not null)
        {
            _incidents.Recover(deployment.Ref.Workspace, deployment.Ref.Id, fingerprint);
            return cron;
        }

        ScheduleLog.Unusable(_log, deployment.Name, trigger.Id, problem);
        _incidents.Raise(deployment.Ref.Workspace, deployment.Ref.Id, fingerprint, $"{deployment.Name}: the schedule at {trigger.Place} cannot be used: {problem}");
        return null;
    }

    private async Task FireAsync(ActiveDeployment deployment, PlanTrigger trigger, Entry entry, DateTimeOffset slot)
    {
        var now = _time.GetUtcNow();
        var cursor = new SaveCursor(CursorOf(deployment, trigger), new SourceCursor(trigger.AfterDrained ? TextOf(entry.Since) : null, slot), now);
        if (trigger.Entity is not null)
        {
            var busy = !entry.Drain.IsCompleted;
            entry.Last = slot;
            if (busy) ScheduleLog.Skipped(_log, deployment.Name, trigger.Id, slot);
            else entry.Drain = DrainAsync(deployment, trigger, entry, cursor);
            return;
        }

        if (await _stores.Inbox.IsPendingAsync(deployment.Ref, trigger.Id, _stop.Token).ConfigureAwait(false))
        {
            ScheduleLog.Skipped(_log, deployment.Name, trigger.Id, slot);
            await _commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([cursor])).ConfigureAwait(false);
            entry.Last = slot;
            return;
        }

        Dictionary<string, object?>? told = null;
        if (trigger.AfterDrained)
        {
            told = await _drains.CountAsync(deployment, trigger, entry.Since, now, _stop.Token).ConfigureAwait(false);
            cursor = cursor with { Cursor = new SourceCursor(TextOf(now), slot) };
        }

        var (key, step, fault) = await _events.KeyAsync(deployment, trigger, told, null, _stop.Token, slot).ConfigureAwait(false);
        StoreChange tick = key is not null
            ? new AppendEvents([_events.Tick(deployment, trigger, key, slot, told)])
            : new AddDeadLetter(Unkeyed.Of(deployment, trigger, new SourceRow { RecordId = deployment.Flow.Id }, EventFactory.TickPayload(slot, told), step, fault!, now));
        var result = await _commit.CommitAsync(CommitQueue.Intake, new ChangeSet([tick, cursor])).ConfigureAwait(false);
        entry.Last = slot;
        if (told is not null) entry.Since = now;
        if (result.EventIds is [not null]) _signal.Raise(deployment.Ref, 1);
    }

    /// <summary>Opens the trigger's sources until they have nothing more; only then has the schedule come to its tick, so that a drain that was cut off is done again.</summary>
    private async Task DrainAsync(ActiveDeployment deployment, PlanTrigger trigger, Entry entry, SaveCursor cursor)
    {
        entry.Drains = true;
        Interlocked.Increment(ref _working);
        var token = _stop.Token;
        await Task.Yield();
        try
        {
            foreach (var (of, source) in SourceHost.SourcesOf(deployment))
            {
                if (of.Id == trigger.Id) await _sources(source).DrainAsync(Waits, token).ConfigureAwait(false);
            }

            await _commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([cursor])).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The next start finds the tick missed and opens the sources again.
        }
        catch (Exception e)
        {
            ScheduleLog.Failed(_log, e);
        }
        finally
        {
            entry.Drains = false;
            Settled();
            Interlocked.Decrement(ref _working);
            _idle.Changed();
        }

        void Waits(bool waits)
        {
            if (waits) Interlocked.Decrement(ref _working);
            else Interlocked.Increment(ref _working);
            _idle.Changed();
        }
    }

    private bool IsDraining(DeploymentRef deployment, string trigger) => _entries.TryGetValue((deployment, trigger), out var entry) && entry.Drains;

    /// <summary>Exact: what ended within one millisecond is counted once.</summary>
    private static string TextOf(DateTimeOffset time) => time.UtcTicks.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset? TimeOf(string? text) => text is null ? null : new DateTimeOffset(long.Parse(text, CultureInfo.InvariantCulture), TimeSpan.Zero);

    private static CursorKey CursorOf(ActiveDeployment deployment, PlanTrigger trigger) =>
        new(deployment.Ref.Workspace, Lane.Schedules, trigger.Id, deployment.Ref.Id.ToString("N"));

    private sealed class Entry
    {
        public CronSchedule Cron { get; set; } = null!;

        public string MemoryOf { get; set; } = "";

        public bool Usable { get; set; }

        /// <summary>The tick it has come to.</summary>
        public DateTimeOffset Last { get; set; }

        /// <summary>For one that waits for drains: since when what has ended is counted.</summary>
        public DateTimeOffset Since { get; set; }

        public Task Drain { get; set; } = Task.CompletedTask;

        /// <summary>It is drained now.</summary>
        public volatile bool Drains;
    }
}

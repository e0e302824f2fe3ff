using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Makes the end of a run durable: outcome, versions, links, next attempt or dead letter in one change set; then the explanation.</summary>
internal sealed class RunSettler(
    StepServices services,
    PauseBoard pauses,
    IncidentBook incidents,
    DeadLetterBook letters,
    StormBreaker storms,
    EchoBreaker echoes,
    JournalWriter journal,
    RunCounters counters,
    DeploymentRegistry registry,
    IInboxStore inbox,
    IDeadLetterStore deadLetters)
{
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    /// <summary>Stores how the run ended or where it waits.</summary>
    public async Task SettleAsync(Run run, RunEnd end)
    {
        try
        {
            await StoreAsync(run, end).ConfigureAwait(false);
        }
        catch (Exception) when (run.Seat is { Parked.IsCompleted: false } seat)
        {
            // It is not parked, another node has its lane: the wave must not wait for it, nor hold its records.
            services.Waves.Leave(seat);
            throw;
        }
    }

    private async Task StoreAsync(Run run, RunEnd end)
    {
        if (run.Links is { } links)
        {
            run.Links = null;
            await WaitForAsync(links).ConfigureAwait(false);
        }

        if (end.Kind == RunEndKind.Parked)
        {
            await ParkAsync(run, end).ConfigureAwait(false);
            if (end.ReleaseKey) Settled?.Invoke();
            return;
        }

        if (run.Event.Trigger == PlanTrigger.LookId && end.Kind == RunEndKind.Ended)
        {
            List<StoreChange> seen = [new SettleEvent(run.Event.Key, run.Event.Id, [])];
            if (end.Review is { } twice) seen.Add(new OpenReview(twice));
            seen.AddRange(end.Follows);
            await CommitAsync(new ChangeSet(seen)).ConfigureAwait(false);
            if (end.Follows.Count > 0) services.Signal.Raise(run.Deployment.Ref, 1);
            return;
        }

        var changes = new List<StoreChange>(8);
        var row = Row(run, end);
        changes.Add(new SettleEvent(run.Event.Key, run.Event.Id, run.Superseded.Count == 0 ? [] : [.. run.Superseded.Select(e => e.Id)]));
        changes.Add(new AddRun(row));
        foreach (var superseded in run.Superseded) changes.Add(new AddRun(SupersededRow(run, superseded)));
        if (run.State.Effects.Count > 0) changes.Add(new AddEffects(run.State.Effects));
        if (run.Claims is not null) changes.Add(new ReleaseLinks(run.State.RunId));
        var storm = false;
        if (end.Kind == RunEndKind.Failed) storm = Fail(run, end, changes);
        else Succeed(run, end, changes);
        await CommitAsync(new ChangeSet(changes)).ConfigureAwait(false);
        services.Boundary.Reached(EffectMoment.AfterSettlement, run.State.RunId, end.Step?.Name ?? "");
        if (run.Claims is { } claims) await services.Waiters.AnsweredAsync(claims).ConfigureAwait(false);
        counters.Settle(row);
        foreach (var superseded in run.Superseded) counters.Settle(SupersededRow(run, superseded));
        journal.Add(run.Deployment.Ref.Workspace, row.Id, Notes.Explain(row, run.State, GivenByHand(run)));
        if (storm) registry.SetState(run.Deployment.Ref, DeploymentState.Paused, StormReason(end.Error!));
        await PassedAsync(run).ConfigureAwait(false);
        if (end.Kind != RunEndKind.Failed && end.Outcome is RunOutcome.Filtered or RunOutcome.Superseded && run.Event.ReplayOf is { } letter) await ForgetAsync(run, letter).ConfigureAwait(false);
        Settled?.Invoke();
    }

    /// <summary>The replay of a letter had nothing to do: there is no success that closes it, and nothing of it waits any more.</summary>
    private async Task ForgetAsync(Run run, long letter)
    {
        if (await deadLetters.FindAsync(run.Deployment.Ref.Workspace, letter, CancellationToken.None).ConfigureAwait(false) is not { State: DeadLetterState.Replayed, Content: var content }) return;
        letters.Discarded(content.Deployment, content.Key, content.Fingerprint);
    }

    /// <summary>What a run was handed by another flow or a person is told: nothing else says it once the run has ended.</summary>
    private static FieldType? GivenByHand(Run run) =>
        run.Event.RecordId is null && run.Deployment.Trigger(run.Event.Trigger) is { Kind: PlanTriggerKind.Manual } ? run.Deployment.Flow.Input : null;

    private async Task ParkAsync(Run run, RunEnd end)
    {
        var changes = new List<StoreChange>(3);
        if (end.ReleaseKey)
        {
            LetGo(run, end, changes);
        }
        else
        {
            changes.Add(new DelayEvent(run.Event.Key, run.Event.Id, end.Due, run.Event.Attempt + 1, end.Text ?? "waits"));
            changes.Add(new SaveCheckpoint(run.Event.Key, run.Event.Id, RunStateCodec.Encode(end.Anew ? run.State.Anew() : run.State)));
        }

        if (end.Review is { } review) changes.Add(new OpenReview(end.ReleaseKey ? review with { EventId = 0 } : review));
        List<LinkKey>? released = null;
        if (run.Claims is not null && run.State.Intent is null)
        {
            changes.Add(new ReleaseLinks(run.State.RunId));
            released = run.Claims;
        }

        if (end.Held) pauses.Hold(run.Deployment.Ref, run.Event.Id);
        await CommitAsync(new ChangeSet(changes)).ConfigureAwait(false);
        counters.Park();
        if (end.ReleaseKey) services.Planned?.Invoke(end.Due);
        if (released is not null) await services.Waiters.AnsweredAsync(released).ConfigureAwait(false);
        if (run.Waiter is { } waiter) await services.Waiters.ParkedAsync(waiter).ConfigureAwait(false);
        run.Seat?.Park();
    }

    /// <summary>The run leaves the line of its key: it comes back as a planned event, at the end of the line, and others go on meanwhile.</summary>
    private void LetGo(Run run, RunEnd end, List<StoreChange> changes)
    {
        var left = run.Event;
        run.State.EventId = 0;
        var comes = new NewEvent
        {
            Deployment = left.Key.Deployment, Trigger = left.Trigger, Kind = left.Kind, Key = left.Key.Key, Lane = left.Lane, Entity = left.Entity, RecordId = left.RecordId,
            Version = left.Version, Payload = run.Payload, Full = left.Full, Priority = left.Priority, ReceivedAt = left.ReceivedAt, ReplayOf = left.ReplayOf,
            Checkpoint = RunStateCodec.Encode(run.State),
        };
        changes.Add(new SettleEvent(left.Key, left.Id, [.. run.Superseded.Select(e => e.Id)]));
        foreach (var superseded in run.Superseded) changes.Add(new AddRun(SupersededRow(run, superseded)));
        changes.Add(new PlanEvent(comes, ReviewDesk.WaitName(run.State.RunId), end.Due));
        if (run.Remember is { } remember && !ReferenceEquals(remember, run.Remembered)) changes.Add(new SaveKeyState(left.Key, remember));
    }

    private void Succeed(Run run, RunEnd end, List<StoreChange> changes)
    {
        var deployment = run.Deployment;
        var remember = run.Remember;
        if (end.Outcome is RunOutcome.Succeeded or RunOutcome.Stopped && run.Trigger is { OnlyWhenChanged: true } trigger && run.Event.RecordId is { } record)
        {
            remember = (remember ?? run.Remembered ?? new KeyState()) with
            {
                MemoryOf = deployment.MemoryOf,
                Memory = Echo.After(trigger, run.Remembered, deployment.MemoryOf, record, run.State.Slots[Slots.Trigger], run.State),
            };
        }

        if (remember is not null && !ReferenceEquals(remember, run.Remembered)) changes.Add(new SaveKeyState(run.Event.Key, remember));
        if (end.Outcome is RunOutcome.Succeeded or RunOutcome.Stopped or RunOutcome.Unchanged && letters.Close(deployment.Ref, run.Event.Key.Key))
        {
            changes.Add(new CloseDeadLetters(deployment.Ref, run.Event.Key.Key, null, DeadLetterState.Superseded, $"Run {run.State.RunId} of the same key succeeded.", services.Now));
        }

        if (run.State.Echo.Count > 0) echoes.Wrote(run.Event.Key);
        storms.Ended(deployment.Ref);
    }

    /// <summary>True when the deployment must be paused.</summary>
    private bool Fail(Run run, RunEnd end, List<StoreChange> changes)
    {
        var deployment = run.Deployment.Ref;
        var error = end.Error!;
        var step = end.Step;
        var fingerprint = Fingerprint.Of(run.Deployment.Flow.Id, step?.Name ?? "", error);
        changes.Add(new AddDeadLetter(new NewDeadLetter
        {
            Deployment = deployment, FlowHash = run.State.FlowHash, Trigger = run.Event.Trigger, Kind = run.Event.Kind, Key = run.Event.Key.Key, Entity = run.Event.Entity,
            RecordId = run.Event.RecordId, Version = run.Event.Version, Payload = run.Payload, Full = run.Event.Full, State = RunStateCodec.Encode(run.State),
            RunId = run.State.RunId, Step = step?.Name ?? "", Place = step?.Place.ToString(), ErrorKind = error.Kind, Code = error.Code, Message = error.Message,
            Fingerprint = fingerprint, Attempts = [.. run.State.Attempts], At = services.Now, ReceivedAt = run.Event.ReceivedAt, Priority = run.Event.Priority,
        }));
        letters.Opened(deployment, run.Event.Key.Key, fingerprint, $"{step?.Name} ({step?.Place}): {error.Code}: {error.Message}");
        if (!storms.Failed(deployment, fingerprint)) return false;
        changes.Add(new SaveDeploymentState(deployment, DeploymentState.Paused, StormReason(error)));
        incidents.Raise(deployment.Workspace, deployment.Id, StormBreaker.Incident + fingerprint, $"{run.Deployment.Name} was paused: nearly all runs fail at {step?.Place} with {error.Code}.");
        return true;
    }

    private static string StormReason(OperationError error) => "Nearly all runs fail alike: " + error.Message;

    private async Task PassedAsync(Run run)
    {
        foreach (var connection in run.Used) incidents.Recover(run.Deployment.Ref.Workspace, null, RunExecutor.Waiting(connection));
        if (run.State.Effects.Count > 0 && incidents.IsAnyOpen)
        {
            foreach (var effect in run.State.Effects) incidents.Recover(run.Deployment.Ref.Workspace, run.Deployment.Ref.Id, SecondLook.IncidentOf(effect.Entity, effect.RecordId));
        }

        foreach (var ended in pauses.Passed(run.Deployment, run.Used))
        {
            incidents.Recover(run.Deployment.Ref.Workspace, ended.Deployment, ended.Fingerprint);
            if (ended.Held.Count > 0) await inbox.WakeAsync([.. ended.Held.Select(h => h.EventId)], CancellationToken.None).ConfigureAwait(false);
            Woken?.Invoke(ended.Held.Select(h => h.Deployment));
        }
    }

    /// <summary>Raised when an event has left the inbox.</summary>
    public event Action? Settled;

    /// <summary>Raised when events became ready otherwise than by time.</summary>
    public event Action<IEnumerable<DeploymentRef>>? Woken;

    private RunRow Row(Run run, RunEnd end) => new()
    {
        Id = run.State.RunId, Deployment = run.Deployment.Ref, FlowHash = run.State.FlowHash, EventId = run.Event.Id, Trigger = run.Event.Trigger, Key = run.Event.Key.Key,
        RecordId = run.Event.RecordId, Outcome = end.Kind == RunEndKind.Failed ? RunOutcome.Failed : end.Outcome,
        Text = end.Kind == RunEndKind.Failed ? $"{end.Error!.Code}: {end.Error.Message}" : end.Text, AcceptedAt = run.State.AcceptedAt, StartedAt = run.State.StartedAt,
        EndedAt = services.Now, Attempts = run.Event.Attempt + 1, Effects = run.State.Effects.Count, Priority = run.State.Priority, ReplayOf = run.Event.ReplayOf,
    };

    private RunRow SupersededRow(Run run, ReadyEvent superseded) => new()
    {
        Id = $"{run.State.RunId}-{superseded.Id}", Deployment = run.Deployment.Ref, FlowHash = run.State.FlowHash, EventId = superseded.Id, Trigger = superseded.Trigger,
        Key = superseded.Key.Key, RecordId = superseded.RecordId, Outcome = RunOutcome.Superseded, Text = $"event {run.Event.Id} is newer", AcceptedAt = superseded.ReceivedAt,
        StartedAt = services.Now, EndedAt = services.Now, Attempts = superseded.Attempt, Effects = 0, Priority = superseded.Priority, ReplayOf = superseded.ReplayOf,
    };

    /// <summary>The store is the only thing a run cannot do without: its trouble is waited out, and the run keeps its key meanwhile.</summary>
    private async Task CommitAsync(ChangeSet set)
    {
        while (true)
        {
            try
            {
                await services.Commit.CommitAsync(CommitQueue.Settlement, set).ConfigureAwait(false);
                return;
            }
            catch (CommitFailedException)
            {
                await Task.Delay(StorePause, services.Time).ConfigureAwait(false);
            }
        }
    }

    private static async Task WaitForAsync(List<Task> links)
    {
        foreach (var link in links)
        {
            try
            {
                await link.ConfigureAwait(false);
            }
            catch (CommitFailedException)
            {
                // The claim stays and expires; until then nobody else creates.
            }
        }
    }
}

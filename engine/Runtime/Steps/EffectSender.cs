using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Sends one effect: its intent is durable before it leaves, a lost answer is looked up or repeated, never guessed.</summary>
internal sealed class EffectSender(StepServices services, ReadExecutor reader)
{
    /// <summary>The code with which connectors answer that a parent named by an external id does not exist.</summary>
    private const string ParentNotFound = "PARENT_NOT_FOUND";

    private static readonly TimeSpan ClaimMargin = TimeSpan.FromMinutes(10);

    /// <summary>The vendor takes its time for a job, and drops it after a day.</summary>
    private static readonly TimeSpan JobMargin = TimeSpan.FromDays(1);
    private static readonly ReadRows NoRows = new([]);

    /// <summary>The newest effects on a record that are asked for.</summary>
    private const int MostEffects = 200;

    private readonly AnsweredLinks _links = new(services.LinkKinds);

    /// <summary>Sends a new effect.</summary>
    public ValueTask<SentEffect> SendAsync(Run run, WriteInstruction write, PendingIntent intent)
    {
        run.State.Intent = intent;
        return LeaveAsync(run, write, intent, checkpoint: true);
    }

    /// <summary>
    /// Sends many effects of one step at once, each repeatable and found again by reading when the process dies: only what was read before is made durable, with the first of them.
    /// </summary>
    public async ValueTask<IReadOnlyList<SentEffect>> SendAllAsync(Run run, WriteInstruction write, IReadOnlyList<PendingIntent> intents)
    {
        var connection = run.Connection(write.Connection);
        services.Boundary.Reached(EffectMoment.BeforeCommit, run.State.RunId, write.Step.Name);
        run.State.Intent = null;
        if (!run.Deployment.Flow.Restartable)
        {
            try
            {
                await services.Commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([new SaveCheckpoint(run.Event.Key, run.Event.Id, RunStateCodec.Encode(run.State))])).ConfigureAwait(false);
            }
            catch (CommitFailedException e)
            {
                return [new SentEffect(null, StepResult.Failed(new OperationError(ErrorKind.Transient, "store", e.Message) { NotExecuted = true }, false), null)];
            }
        }

        services.Boundary.Reached(EffectMoment.AfterCommit, run.State.RunId, write.Step.Name);
        var asks = new Task<Answer<WriteResult>>[intents.Count];
        for (var i = 0; i < asks.Length; i++)
        {
            // The batcher takes each asker out of the count and puts it back.
            services.Runnable.Enter();
            asks[i] = services.Batcher.WriteAsync(Ask(run, write, intents[i], connection, null), default);
        }

        // The run itself waits for all of them.
        services.Runnable.Leave();
        var sent = new List<SentEffect>(asks.Length);
        for (var i = 0; i < asks.Length; i++)
        {
            var answer = await asks[i].ConfigureAwait(false);
            services.Runnable.Leave();
            run.State.MayLandLate |= MayLandLate(answer);
            sent.Add(answer.Outcome.Error is { } error
                ? new SentEffect(null, StepResult.Failed(HiddenValues.Without(error, write, intents[i]), answer.Charged), null)
                : new SentEffect(Answered(run, write, intents[i], answer.Outcome.Value!), null, null));
        }

        services.Runnable.Enter();
        services.Boundary.Reached(EffectMoment.AfterAnswer, run.State.RunId, write.Step.Name);
        return sent;
    }

    /// <summary>Goes on with an effect whose answer is not known: repeated when that does no harm, else looked up.</summary>
    public async ValueTask<SentEffect> ResumeAsync(Run run, WriteInstruction write, PendingIntent intent)
    {
        if (intent.Claims.Count > 0) (run.Claims ??= []).AddRange(intent.Claims);
        if (intent.Wave is { } wave && await FromWaveAsync(run, write, intent, wave).ConfigureAwait(false) is { } told) return told;
        // The call left some time after its intent was stored, at the latest when the process died: what the vendor made of it shows within settle of now.
        if (!intent.Unknown) intent.At = services.Now;
        intent.Unknown = true;
        if (intent.Kind != IntentKind.Create) return await LeaveAsync(run, write, intent, checkpoint: false).ConfigureAwait(false);
        var connection = run.Connection(write.Connection);
        var found = await LookUpAsync(run, write, intent).ConfigureAwait(false);
        if (found.Error is { } error) return new SentEffect(null, StepResult.Failed(error, false), null);
        if (found.Value!.Rows.Count > 0)
        {
            var record = found.Value.Rows[0];
            var id = MatchFinder.Id(write.Entity, record);
            return new SentEffect(Answered(run, write, intent, new WriteResult(id, true, record)), null, null);
        }

        var now = services.Now;
        if (LookupTimes.Next(intent.At, connection.Settle, now) is { } next)
        {
            intent.Lookups++;
            return new SentEffect(null, StepResult.Park(next, "the answer to a create is unknown; it is looked up again"), null);
        }

        intent.Unknown = false;
        intent.Lookups = 0;
        intent.At = now;
        return await LeaveAsync(run, write, intent, checkpoint: true).ConfigureAwait(false);
    }

    /// <summary>Takes a seat in the wave of a large backfill: the run is parked with its intent and comes back with the answer of the wave's job. Null = there is none; an ordinary call goes.</summary>
    private async ValueTask<SentEffect?> ToWaveAsync(Run run, WriteInstruction write, PendingIntent intent, BoundConnection connection)
    {
        if (services.Waves.Join(run, Ask(run, write, intent, connection, null)) is not { } seat) return null;
        intent.Wave = seat.Wave.Id;
        intent.At = services.Now;
        if (intent.Claims.Count > 0)
        {
            try
            {
                var result = await services.Commit.CommitAsync(CommitQueue.Settlement, Checkpoint(run, write, intent, connection)!).ConfigureAwait(false);
                if (result.Conflicts.Count > 0)
                {
                    services.Waves.Leave(seat);
                    run.State.Intent = null;
                    return new SentEffect(null, null, result.Conflicts);
                }
            }
            catch (CommitFailedException e)
            {
                services.Waves.Leave(seat);
                run.State.Intent = null;
                return new SentEffect(null, StepResult.Failed(new OperationError(ErrorKind.Transient, "store", e.Message) { NotExecuted = true }, false), null);
            }

            (run.Claims ??= []).AddRange(intent.Claims);
        }

        run.Seat = seat;
        return new SentEffect(null, StepResult.Park(services.Now + WaveBook.LongestWait, DelayEvent.ForJob), null);
    }

    /// <summary>What the wave's job says of this row; null = it is not known, as after any lost answer.</summary>
    private async ValueTask<SentEffect?> FromWaveAsync(Run run, WriteInstruction write, PendingIntent intent, string wave)
    {
        var connection = run.Connection(write.Connection);
        var answer = await services.Waves.TakeAsync(run, wave, Ask(run, write, intent, connection, null)).ConfigureAwait(false);
        if (answer.End == SeatEnd.Waiting) return new SentEffect(null, StepResult.Park(services.Now + answer.Pause, DelayEvent.ForJob), null);
        intent.Wave = null;
        intent.IsLate = answer.IsLate;
        switch (answer.End)
        {
            case SeatEnd.Answered:
                services.Boundary.Reached(EffectMoment.AfterAnswer, run.State.RunId, write.Step.Name);
                return await ToldAsync(run, write, intent, connection, answer.Outcome!.Value, charged: true).ConfigureAwait(false);
            case SeatEnd.Unknown:
                return null;
            default:
                return await LeaveAsync(run, write, intent, checkpoint: true, byJob: answer.End == SeatEnd.NotSent).ConfigureAwait(false);
        }
    }

    private async ValueTask<SentEffect> LeaveAsync(Run run, WriteInstruction write, PendingIntent intent, bool checkpoint, bool byJob = true)
    {
        var connection = run.Connection(write.Connection);
        services.Boundary.Reached(EffectMoment.BeforeCommit, run.State.RunId, write.Step.Name);
        if (checkpoint && byJob && await ToWaveAsync(run, write, intent, connection).ConfigureAwait(false) is { } seated) return seated;
        var ask = Ask(run, write, intent, connection, checkpoint ? Checkpoint(run, write, intent, connection) : null);
        if (ask.Before is null) await run.Noted.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var answer = await services.Batcher.WriteAsync(ask, default).ConfigureAwait(false);
        if (answer.Conflicts.Count > 0)
        {
            run.State.Intent = null;
            return new SentEffect(null, null, answer.Conflicts);
        }

        if (checkpoint && intent.Claims.Count > 0) (run.Claims ??= []).AddRange(intent.Claims);
        services.Boundary.Reached(EffectMoment.AfterAnswer, run.State.RunId, write.Step.Name);
        run.State.MayLandLate |= MayLandLate(answer);
        // What follows a refusal may read, and is not what a repetition would meet.
        run.GoesOnAlike = answer.Outcome.Error is null && IsStraight(write, intent) && (run.GoesOnAlike || ask.Before is not null || !checkpoint);
        return await ToldAsync(run, write, intent, connection, answer.Outcome, answer.Charged).ConfigureAwait(false);
    }

    /// <summary>Sent again it does the same, whatever was there, and nothing asks whether it was: that is what the compiler means by direct.</summary>
    private static bool IsStraight(WriteInstruction write, PendingIntent intent) => write is UpsertInstruction { Direct: true } && intent is { Kind: IntentKind.Upsert, KeyField: not null };

    /// <summary>A server that fails (5xx) may do so behind its work, and a call whose answer never came may be carried out behind the one that repeats it.</summary>
    private static bool MayLandLate(Answer<WriteResult> answer) => answer.MayHaveRun || answer.Outcome.Error is { Kind: ErrorKind.Transient or ErrorKind.UnknownOutcome, NotExecuted: false };

    /// <summary>Goes on with what the vendor said.</summary>
    private async ValueTask<SentEffect> ToldAsync(Run run, WriteInstruction write, PendingIntent intent, BoundConnection connection, Outcome<WriteResult> outcome, bool charged)
    {
        if (outcome.Error is not { } told)
        {
            var result = outcome.Value!;
            if (intent is { Kind: IntentKind.Upsert, Created: true } && !result.Created) result = result with { Created = !await WasThereAsync(run, write, result.Id).ConfigureAwait(false) };
            return new SentEffect(Answered(run, write, intent, result), null, null);
        }

        var error = HiddenValues.Without(told, write, intent);
        if (error.Kind == ErrorKind.UnknownOutcome && !error.NotExecuted)
        {
            // The vendor may have done it at the very end of the call.
            intent.At = services.Now;
            intent.Unknown = true;
            run.State.Attempts.Add(AttemptLine.Of(services.Now, write.Step.Name, error));
            if (intent.Kind != IntentKind.Create) return new SentEffect(null, StepResult.Failed(error, false), null);
            var next = LookupTimes.Next(intent.At, connection.Settle, services.Now) ?? services.Now + LookupTimes.First;
            return new SentEffect(null, StepResult.Park(next, "the answer to a create is unknown; it is looked up"), null);
        }

        if (error.Kind is ErrorKind.Rejected or ErrorKind.Misconfigured && await ThereAlreadyAsync(run, write, intent, connection).ConfigureAwait(false) is { } there) return there;

        // A repeat that surely did not leave says nothing of the call before it: that one is still to be known.
        if (intent.Unknown && error is { NotExecuted: true, Kind: ErrorKind.Transient or ErrorKind.RateLimited or ErrorKind.Quota or ErrorKind.Authentication }) return new SentEffect(null, StepResult.Failed(error, charged), null);

        // Not executed, or a repeat does no harm: the next attempt matches anew.
        run.State.Intent = null;
        if (error.Code == ParentNotFound && Reference(write, intent) is { } orElse)
        {
            if (orElse == PlanOrElse.Later) return new SentEffect(null, reader.Later(run, connection.Settle, "a parent named by its key is not there yet"), null);
            if (orElse == PlanOrElse.None) return await LeaveAsync(run, write, WithoutReferences(run, intent), checkpoint: true).ConfigureAwait(false);
        }

        return new SentEffect(null, StepResult.Failed(error, charged), null);
    }

    /// <summary>
    /// The rules found nothing and the vendor only changed a record: another run had created it and it was not shown yet, or this run's own call created it before and its answer was lost.
    /// </summary>
    private async ValueTask<bool> WasThereAsync(Run run, WriteInstruction write, string recordId)
    {
        var connection = run.Connection(write.Connection);
        var entity = connection.OrgName(write.Entity.Name);
        if (run.State.Effects.Exists(e => e.Verb == "created" && e.RecordId == recordId && e.Entity == entity && e.Realm == connection.Realm)) return true;
        foreach (var effect in await services.Runs.EffectsOfRecordAsync(connection.Workspace, connection.Realm, entity, recordId, MostEffects, default).ConfigureAwait(false))
        {
            if (effect.Verb == "created") return true;
        }

        return false;
    }

    /// <summary>
    /// An upsert that creates may set fields that no update may set: when the record is there by then, made by this run's own call whose answer was lost or by another run, the vendor refuses it with words that blame the fields.
    /// Null: it is not there, and the refusal is what it says.
    /// </summary>
    private async ValueTask<SentEffect?> ThereAlreadyAsync(Run run, WriteInstruction write, PendingIntent intent, BoundConnection connection)
    {
        if (intent is not { Kind: IntentKind.Upsert, Created: true } || !intent.Fields.Keys.Any(f => write.Entity.Field(f) is { Creatable: true, Updatable: false })) return null;
        var found = await LookUpAsync(run, write, intent).ConfigureAwait(false);
        if (found.Error is { } error)
        {
            if (!intent.Unknown) run.State.Intent = null;
            return new SentEffect(null, StepResult.Failed(error, false), null);
        }

        if (found.Value!.Rows.Count == 0)
        {
            return intent.Unknown && LookupTimes.Next(intent.At, connection.Settle, services.Now) is { } next ? new SentEffect(null, StepResult.Park(next, "the answer to a create is unknown; it is looked up again"), null) : null;
        }

        var record = found.Value.Rows[0];
        var id = MatchFinder.Id(write.Entity, record);
        // A call of several rows that was lost goes again in smaller ones: what it did is not known either.
        if ((intent.Unknown || run.State.MayLandLate) && intent.Fields.All(f => f.Value is ParentReference || !write.Select.Contains(f.Key) || write.Entity.Field(f.Key) is not { } field || FieldComparison.Stands(field, RecordPath.Read(record, f.Key), f.Value)))
        {
            return new SentEffect(Answered(run, write, intent, new WriteResult(id, !await WasThereAsync(run, write, id).ConfigureAwait(false), record)), null, null);
        }

        run.State.Intent = null;
        var taken = new OperationError(ErrorKind.Conflict, "THERE_ALREADY", $"The {write.Entity.Name} {id} was created meanwhile.") { RecordIds = [id], NotExecuted = true };
        return new SentEffect(null, StepResult.Failed(taken, false), null);
    }

    private static WriteAsk Ask(Run run, WriteInstruction write, PendingIntent intent, BoundConnection connection, ChangeSet? before) => new()
    {
        Connection = connection,
        Entity = write.Entity.Name,
        Verb = intent.Kind switch
        {
            IntentKind.Create => WriteVerb.Create,
            IntentKind.Upsert => WriteVerb.Upsert,
            IntentKind.Delete => WriteVerb.Delete,
            IntentKind.Merge => WriteVerb.Merge,
            IntentKind.Restore => WriteVerb.Restore,
            _ => WriteVerb.Update,
        },
        KeyField = intent.KeyField,
        Item = new WriteItem { Id = intent.RecordId, Key = intent.Key, Fields = intent.Fields, Absorb = intent.Absorb, Because = intent.Because },
        Options = intent.Options,
        Target = intent.RecordId is { } id ? "id:" + id : intent.KeyField is { } field ? $"key:{field}={FieldValues.AsText(intent.Key!)}" : null,
        Alias = intent.Alias,
        LockParents = Parents(write.Entity, intent),
        Before = before,
        Priority = run.State.Priority,
        Step = write.Step.Name,
        Timeout = write.Step.Timeout,
    };

    /// <summary>What a missing parent means to the step; null when it names none.</summary>
    private static PlanOrElse? Reference(WriteInstruction write, PendingIntent intent)
    {
        PlanOrElse? orElse = null;
        var lines = write is UpsertInstruction upsert ? write.Set.Concat(upsert.SetOnCreate).Concat(upsert.SetOnUpdate) : write.Set;
        foreach (var line in lines)
        {
            if (line.Reference is { } reference && intent.Fields.GetValueOrDefault(line.Path) is ParentReference) orElse ??= reference.OrElse;
        }

        return orElse;
    }

    private static PendingIntent WithoutReferences(Run run, PendingIntent intent) => run.State.Intent = new PendingIntent
    {
        Kind = intent.Kind, Connection = intent.Connection, Entity = intent.Entity, RecordId = intent.RecordId, KeyField = intent.KeyField, Key = intent.Key, Lookup = intent.Lookup,
        Fields = intent.Fields.Where(f => f.Value is not ParentReference).ToDictionary(f => f.Key, f => f.Value), Options = intent.Options, Claims = intent.Claims,
        FirstStays = intent.FirstStays, Created = intent.Created, Before = intent.Before, At = intent.At, Repeatable = intent.Repeatable,
    };

    /// <summary>What is stored before the effect leaves; null where a run that begins anew, or goes on from what is stored, comes to the same effect by itself.</summary>
    private ChangeSet? Checkpoint(Run run, WriteInstruction write, PendingIntent intent, BoundConnection connection)
    {
        if (run.Deployment.Flow.Restartable ? intent.Claims.Count == 0 : run.GoesOnAlike && IsStraight(write, intent)) return null;
        var state = new SaveCheckpoint(run.Event.Key, run.Event.Id, RunStateCodec.Encode(run.State));
        if (intent.Claims.Count == 0) return new ChangeSet([state]);
        var now = services.Now;
        return new ChangeSet([new ClaimLinks(run.State.RunId, intent.Claims, now, now + connection.Settle + (intent.Wave is null ? ClaimMargin : JobMargin)), state]);
    }

    private WriteResult Answered(Run run, WriteInstruction write, PendingIntent intent, WriteResult result)
    {
        var connection = run.Connection(write.Connection);
        var now = services.Now;
        run.Used.Add(connection.Name);
        var created = intent.Kind == IntentKind.Create || (intent.Kind == IntentKind.Upsert && result.Created);
        var look = SecondLook.Plan(run, write, intent, result.Id, now, connection.Settle);
        var links = _links.Of(connection, write.Entity, intent, result.Id, created || (intent.Kind == IntentKind.Upsert && look is not null), now);
        if (links.Count > 0 || look is not null) Link(run, intent, links, look, result.Id);
        run.State.Effects.Add(new EffectRow
        {
            Workspace = run.Deployment.Ref.Workspace, Realm = connection.Realm, Entity = connection.OrgName(write.Entity.Name), RecordId = result.Id, RunId = run.State.RunId,
            Step = write.Step.Name, Verb = Notes.Did(intent.Kind, created), Fields = WrittenFields.Of(write.Step, intent.Fields), At = now,
        });
        Echo.Remember(run, write, connection, intent, result.Id);
        Notes.Written(run, write, intent, result.Id, created);
        run.State.Intent = null;
        return result with { Created = created };
    }

    private void Link(Run run, PendingIntent intent, IReadOnlyList<LinkEnd> links, PlanEvent? look, string recordId)
    {
        (run.Links ??= []).Add(StoreAsync());

        async Task StoreAsync()
        {
            List<StoreChange> changes = links.Count == 0 ? [] : [new LinkRecord(links, recordId)];
            if (look is not null) changes.Add(look);
            await services.Commit.CommitAsync(CommitQueue.Settlement, new ChangeSet(changes)).ConfigureAwait(false);
            if (look is { DueAt: var due }) services.Planned?.Invoke(due);
            await services.Waiters.AnsweredAsync(intent.Claims).ConfigureAwait(false);
        }
    }

    private async ValueTask<Outcome<ReadRows>> LookUpAsync(Run run, WriteInstruction write, PendingIntent intent)
    {
        if (intent.Lookup.Count == 0) return NoRows;
        var parts = new List<Condition>(intent.Lookup.Count);
        foreach (var term in intent.Lookup) parts.Add(MatchFinder.Term(term.Paths, term.Value));
        var answer = await services.Batcher.ReadAsync(
            new ReadAsk
            {
                Connection = run.Connection(write.Connection), Entity = write.Entity.Name, Fields = write.Select, Condition = parts.Count == 1 ? parts[0] : new AllOf(parts),
                RowCap = 2, IncludeInactive = true, Priority = run.State.Priority, Step = write.Step.Name, Timeout = write.Step.Timeout,
            },
            default).ConfigureAwait(false);
        return answer.Outcome;
    }

    private static List<string> Parents(EntityDescriptor entity, PendingIntent intent)
    {
        if (entity.LockParents.Count == 0) return NoParents;
        var parents = new List<string>(entity.LockParents.Count);
        foreach (var field in entity.LockParents)
        {
            var value = intent.Fields.GetValueOrDefault(field) ?? intent.Before?.GetValueOrDefault(field);
            if (value is ParentReference parent) parents.Add($"{field}={parent.By}:{FieldValues.AsText(parent.Value)}");
            else if (value is not null && FieldValues.AsText(value) is { } text) parents.Add($"{field}={text}");
        }

        return parents;
    }

    private static readonly List<string> NoParents = [];
}

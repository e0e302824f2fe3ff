using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>
/// A call with <c>once</c>: it is claimed under its key with the intent, and what it gave is linked to the key for good. A lost answer is looked up by the record the call makes; where the vendor cannot be
/// asked, a person is.
/// </summary>
internal sealed class OnceCall(StepServices services)
{
    private static readonly TimeSpan ClaimMargin = TimeSpan.FromMinutes(10);

    /// <summary>A person may take their time; nobody else makes the call meanwhile.</summary>
    private static readonly TimeSpan ClaimWhileAsking = TimeSpan.FromDays(365);

    public async ValueTask<StepResult> ExecuteAsync(Run run, CallInstruction call)
    {
        var state = run.State;
        if (state.Intent is { } pending) return await ResumeAsync(run, call, pending).ConfigureAwait(false);
        var (values, with, failed) = await CallExecutor.ValuesAsync(services, run, call).ConfigureAwait(false);
        if (failed is { } why) return why;
        var once = call.Once!;
        if (FieldComparison.Key(once.Field, values[once.Value]) is not { } key) return StepResult.Failed(ErrorKind.Rejected, "noKey", $"once: the key {once.Path} is empty ({once.Place}).");
        var connection = run.Connection(call.Connection);
        var claim = new LinkKey(connection.Workspace, connection.Realm, call.Operation.Name, LinkHash.OncePrefix + once.Path, LinkHash.Of([key]));
        var link = await FindAsync(claim).ConfigureAwait(false);
        if (link is { RecordId: null } own && own.OwnerRun == state.RunId && run.Links is { } stored)
        {
            // An earlier turn of a loop has just called it: what it gave is being stored.
            await Task.WhenAll(stored).ConfigureAwait(false);
            link = await FindAsync(claim).ConfigureAwait(false);
        }

        if (link?.RecordId is { } told) return Existed(run, call, CallMemory.Read(told));
        if (link is not null && link.OwnerRun != state.RunId) return await WaitAsync(run, connection, link).ConfigureAwait(false);
        IReadOnlyList<LookupTerm> lookup = [];
        if (call.Made is not null)
        {
            lookup = [new LookupTerm([call.Operation.Makes!.By[once.Path]], with[once.Path]!)];
            var (found, error) = await LookUpAsync(run, call, lookup).ConfigureAwait(false);
            if (error is not null) return StepResult.Failed(error, false);
            run.Used.Add(connection.Name);
            if (found is not null) return Existed(run, call, OutputOf(call, found));
        }

        return await LeaveAsync(run, call, new PendingIntent
        {
            Kind = IntentKind.Call, Connection = call.Connection, Entity = call.Operation.Name, Fields = with, Lookup = lookup, Claims = [claim], FirstStays = true, At = services.Now,
            Repeatable = call.Operation.Repeatable,
        }).ConfigureAwait(false);
    }

    /// <summary>The process died behind the intent, or the answer was lost.</summary>
    private async ValueTask<StepResult> ResumeAsync(Run run, CallInstruction call, PendingIntent intent)
    {
        if (run.Claims?.Contains(intent.Claims[0]) != true) (run.Claims ??= []).AddRange(intent.Claims);
        // It left some time after its intent was stored, at the latest when the process died.
        if (!intent.Unknown) intent.At = services.Now;
        intent.Unknown = true;
        if ((await FindAsync(intent.Claims[0]).ConfigureAwait(false))?.RecordId is { } told) return Done(run, call, CallMemory.Read(told), existed: false);
        if (call.Operation.Repeatable) return await LeaveAsync(run, call, intent).ConfigureAwait(false);
        return call.Made is null ? await AskAsync(run, call, intent).ConfigureAwait(false) : await LookAgainAsync(run, call, intent).ConfigureAwait(false);
    }

    private async ValueTask<StepResult> LeaveAsync(Run run, CallInstruction call, PendingIntent intent)
    {
        var (state, connection, now) = (run.State, run.Connection(call.Connection), services.Now);
        (intent.Unknown, intent.Lookups, intent.At) = (false, 0, now);
        state.Intent = intent;
        state.Review = null;
        services.Boundary.Reached(EffectMoment.BeforeCommit, state.RunId, call.Step.Name);
        var until = now + (call.Made is null && !call.Operation.Repeatable ? ClaimWhileAsking : connection.Settle + ClaimMargin);
        var answer = await services.Batcher.CallAsync(
            CallExecutor.Ask(run, call, intent.Fields, new ChangeSet([new ClaimLinks(state.RunId, intent.Claims, now, until), new SaveCheckpoint(run.Event.Key, run.Event.Id, RunStateCodec.Encode(state))])), default)
            .ConfigureAwait(false);
        if (answer.Conflicts is [var conflict, ..])
        {
            state.Intent = null;
            return conflict.RecordId is { } told ? Existed(run, call, CallMemory.Read(told)) : await WaitAsync(run, connection, conflict).ConfigureAwait(false);
        }

        if (run.Claims?.Contains(intent.Claims[0]) != true) (run.Claims ??= []).AddRange(intent.Claims);
        services.Boundary.Reached(EffectMoment.AfterAnswer, state.RunId, call.Step.Name);
        if (answer.Outcome.Error is not { } error) return Answered(run, call, intent, answer.Outcome.Value!, existed: false);
        if (error.Kind != ErrorKind.UnknownOutcome || error.NotExecuted)
        {
            // Surely not done: the next attempt begins anew.
            state.Intent = null;
            return StepResult.Failed(error, answer.Charged);
        }

        (intent.Unknown, intent.At) = (true, services.Now);
        if (call.Operation.Repeatable) return StepResult.Failed(error, answer.Charged);
        state.Attempts.Add(AttemptLine.Of(services.Now, call.Step.Name, error));
        if (call.Made is null) return await AskAsync(run, call, intent).ConfigureAwait(false);
        return StepResult.Park(LookupTimes.Next(intent.At, connection.Settle, services.Now) ?? services.Now + LookupTimes.First, "the answer to a call is unknown; what it made is looked up");
    }

    /// <summary>Only when the vendor surely shows what was made, its absence means that nothing was.</summary>
    private async ValueTask<StepResult> LookAgainAsync(Run run, CallInstruction call, PendingIntent intent)
    {
        var (found, error) = await LookUpAsync(run, call, intent.Lookup).ConfigureAwait(false);
        if (error is not null) return StepResult.Failed(error, false);
        if (found is not null) return Answered(run, call, intent, OutputOf(call, found), existed: false);
        if (LookupTimes.Next(intent.At, run.Connection(call.Connection).Settle, services.Now) is not { } next) return await LeaveAsync(run, call, intent).ConfigureAwait(false);
        intent.Lookups++;
        return StepResult.Park(next, "the answer to a call is unknown; what it made is looked up again");
    }

    private async ValueTask<StepResult> AskAsync(Run run, CallInstruction call, PendingIntent intent)
    {
        var (decided, waits) = await services.Reviews.AskAsync(
            run,
            id => new NewReview
            {
                Id = id, Deployment = run.Deployment.Ref, Kind = ReviewKind.Approval, EventId = run.Event.Id, Key = run.Event.Key.Key, RunId = run.State.RunId, Step = call.Step.Name,
                Place = call.Step.Place.ToString(), OpenedAt = services.Now,
                Message = $"Nobody knows whether {call.Operation.Name} was done: its answer was lost and the vendor cannot be asked. Approve to have it done once more; reject if it was done.",
            }).ConfigureAwait(false);
        if (waits is { } parked) return parked;
        Notes.Took(run, call.Step, $"{decided!.DecidedBy}: {decided.Decision}");
        return decided.Decision == ReviewDecision.Approve
            ? await LeaveAsync(run, call, intent).ConfigureAwait(false)
            : Answered(run, call, intent, new Dictionary<string, object?>(), existed: true);
    }

    /// <summary>No bound on the rounds: whoever holds the claim goes on, gives it up, or waits for a person.</summary>
    private async ValueTask<StepResult> WaitAsync(Run run, BoundConnection connection, LinkRow claim)
    {
        var waiter = services.Waiters.Register(run.Event.Id, [claim.Key]);
        if (await FindAsync(claim.Key).ConfigureAwait(false) is { RecordId: null })
        {
            run.Waiter = waiter;
            return StepResult.Park(claim.EndsAt ?? services.Now + connection.Settle, DelayEvent.ForAnotherRun);
        }

        services.Waiters.Forget(waiter);
        return StepResult.Park(services.Now, "another run has made the call");
    }

    private StepResult Answered(Run run, CallInstruction call, PendingIntent intent, IReadOnlyDictionary<string, object?> output, bool existed)
    {
        var connection = run.Connection(call.Connection);
        run.Used.Add(connection.Name);
        var look = call.Made is { } made && output.GetValueOrDefault(IdOutput(call, made)) is { } id && FieldValues.AsText(id) is { } record
            ? SecondLook.OfCall(run, call, intent, record, services.Now, connection.Settle)
            : null;
        (run.Links ??= []).Add(StoreAsync());
        if (!existed) CallExecutor.Wrote(run, call, intent.Fields, services.Now);
        return Done(run, call, output, existed);

        async Task StoreAsync()
        {
            List<StoreChange> changes = [new LinkRecord([.. intent.Claims.Select(c => new LinkEnd(c, null))], CallMemory.Write(call.Operation, output))];
            if (look is not null) changes.Add(look);
            await services.Commit.CommitAsync(CommitQueue.Settlement, new ChangeSet(changes)).ConfigureAwait(false);
            if (look is { DueAt: var due }) services.Planned?.Invoke(due);
            await services.Waiters.AnsweredAsync(intent.Claims).ConfigureAwait(false);
        }
    }

    private static StepResult Existed(Run run, CallInstruction call, IReadOnlyDictionary<string, object?> output)
    {
        Notes.Took(run, call.Step, $"{call.Operation.Name} was done for this key before");
        return Done(run, call, output, existed: true);
    }

    private static StepResult Done(Run run, CallInstruction call, IReadOnlyDictionary<string, object?> output, bool existed)
    {
        if (call.Step.Output >= 0) run.State.Slots[call.Step.Output] = new Dictionary<string, object?>(output) { [CallInstruction.Existed] = existed };
        run.State.EnterStep(run.State.Counter + 1);
        return StepResult.Done;
    }

    private async ValueTask<LinkRow?> FindAsync(LinkKey claim) => await services.Links.FindAsync([claim]).ConfigureAwait(false) is [var link, ..] ? link : null;

    private async ValueTask<(IReadOnlyDictionary<string, object?>? Found, OperationError? Error)> LookUpAsync(Run run, CallInstruction call, IReadOnlyList<LookupTerm> lookup)
    {
        var answer = await services.Batcher.ReadAsync(
            new ReadAsk
            {
                Connection = run.Connection(call.Connection), Entity = call.Made!.Name, Fields = call.MadeSelect, Condition = MatchFinder.Term(lookup[0].Paths, lookup[0].Value), RowCap = 2, IncludeInactive = true,
                Priority = run.State.Priority, Step = call.Step.Name, Timeout = call.Step.Timeout,
            },
            default).ConfigureAwait(false);
        return answer.Outcome.Error is { } error ? (null, error) : (answer.Outcome.Value!.Rows is [var row, ..] ? row : null, null);
    }

    private static Dictionary<string, object?> OutputOf(CallInstruction call, IReadOnlyDictionary<string, object?> record) =>
        call.Operation.Makes!.Output.ToDictionary(o => o.Key, o => RecordPath.Read(record, o.Value), StringComparer.Ordinal);

    private static string IdOutput(CallInstruction call, EntityDescriptor made) => call.Operation.Makes!.Output.FirstOrDefault(o => o.Value == made.IdField).Key ?? "";
}

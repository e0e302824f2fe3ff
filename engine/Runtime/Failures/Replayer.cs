using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>Replays dead letters: each replay is a new event linked to the first, and closes its letter in the same change set.</summary>
/// <param name="letters">The letters.</param>
/// <param name="intake">Takes the new event.</param>
/// <param name="commit">Keeps changes.</param>
/// <param name="registry">A letter of a deployment that is not there stays: its replay would wait for ever.</param>
/// <param name="time">The clock.</param>
public sealed class Replayer(IDeadLetterStore letters, Intake intake, IGroupCommit commit, DeploymentRegistry registry, TimeProvider time)
{
    private const int MostAtOnce = 1_000;

    /// <summary>A letter was put aside.</summary>
    internal event Action<DeadLetter>? Discarded;

    /// <summary>Replays one letter from the start on a record that a person changed; it is not read again. Null when there is none that is open, or its deployment was taken away.</summary>
    public async Task<long?> ReplayChangedAsync(string workspace, long id, byte[] payload, CancellationToken cancellationToken)
    {
        var letter = await letters.FindAsync(workspace, id, cancellationToken).ConfigureAwait(false);
        return !CanReplay(letter) ? null : await AppendAsync(letter!, payload, full: true, null, "replayed with its record changed").ConfigureAwait(false);
    }

    /// <summary>Replays one letter; null when there is none that is open, or its deployment was taken away.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The letter.</param>
    /// <param name="fromStep">True: from the failed step, on the outputs so far. False: from the start; the record is read again.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The new event.</returns>
    public async Task<long?> ReplayAsync(string workspace, long id, bool fromStep, CancellationToken cancellationToken)
    {
        var letter = await letters.FindAsync(workspace, id, cancellationToken).ConfigureAwait(false);
        if (!CanReplay(letter)) return null;
        var content = letter!.Content;
        var state = fromStep && content.State is { } stored ? Prepare(stored) : null;
        var isRecord = content.Entity is not null && content.RecordId is not null;
        return await AppendAsync(letter, content.Payload, state is not null || !isRecord, state, fromStep ? "replayed from the failed step" : "replayed from the start").ConfigureAwait(false);
    }

    /// <summary>Replays all open letters that fit, at most 1,000. Returns how many.</summary>
    public async Task<int> ReplayAsync(DeadLetterFilter filter, bool fromStep, CancellationToken cancellationToken)
    {
        var count = 0;
        var page = filter with { State = DeadLetterState.Open, Limit = 200 };
        while (count < MostAtOnce)
        {
            var found = await letters.ListAsync(page, cancellationToken).ConfigureAwait(false);
            foreach (var letter in found)
            {
                if (await ReplayAsync(filter.Workspace, letter.Id, fromStep, cancellationToken).ConfigureAwait(false) is not null) count++;
            }

            if (found.Count < page.Limit) break;
            page = page with { Before = found[^1].Id };
        }

        return count;
    }

    /// <summary>
    /// Replays a finished run. One that failed goes the way of its dead letter, once. Any other begins anew with its record read again, in the version that is active: what a call or a person handed
    /// it was deleted when it ended well.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="deployment">Its deployment as it runs now.</param>
    /// <param name="fromStep">On from the failed step; else from the start.</param>
    /// <param name="asked">Tells one wish from the next: the same one twice is one event. Null = each is a new one.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<RunReplay> ReplayAsync(RunRow run, ActiveDeployment deployment, bool fromStep, string? asked, CancellationToken cancellationToken)
    {
        if (run.Outcome == RunOutcome.Failed) return await ReplayFailedAsync(run, fromStep, cancellationToken).ConfigureAwait(false);
        if (fromStep) return RunReplay.Refused(RunReplayRefusal.DidNotFail);
        if (deployment.Trigger(run.Trigger) is not { Entity: { } entity } trigger) return RunReplay.Refused(deployment.Trigger(run.Trigger) is null ? RunReplayRefusal.NoTrigger : RunReplayRefusal.NotKept);
        if (run.RecordId is not { } record) return RunReplay.Refused(RunReplayRefusal.NotKept);
        var replay = new NewEvent
        {
            Deployment = run.Deployment, Trigger = trigger.Id, Kind = EventKind.Replay, Key = run.Key, Lane = Lane.Of(run.Deployment.Workspace, run.Deployment.Id, run.Key), Entity = entity.Name,
            RecordId = record, Payload = Payload.Encode(new Dictionary<string, object?> { [entity.IdField] = record }), Full = false, Priority = CallPriority.Live, ReceivedAt = time.GetUtcNow(),
            DeliveryId = asked is null ? null : $"replay {run.Id} {asked}",
        };
        return RunReplay.Of((await intake.AppendAsync(replay).ConfigureAwait(false)).EventId);
    }

    private async Task<RunReplay> ReplayFailedAsync(RunRow run, bool fromStep, CancellationToken cancellationToken)
    {
        var filter = new DeadLetterFilter { Workspace = run.Deployment.Workspace, Deployment = run.Deployment.Id, Key = run.Key, Run = run.Id, Limit = 1 };
        // Open ones are found by an index.
        var letter = (await letters.ListAsync(filter, cancellationToken).ConfigureAwait(false)).FirstOrDefault() ?? (await letters.ListAsync(filter with { State = null }, cancellationToken).ConfigureAwait(false)).FirstOrDefault();
        return letter?.State switch
        {
            DeadLetterState.Open => RunReplay.Of(await ReplayAsync(run.Deployment.Workspace, letter.Id, fromStep, cancellationToken).ConfigureAwait(false)),
            DeadLetterState.Replayed => RunReplay.Of(null),
            null => RunReplay.Refused(RunReplayRefusal.NotKept),
            _ => RunReplay.Refused(RunReplayRefusal.Closed) with { Letter = letter },
        };
    }

    /// <summary>Closes a letter without a replay; false when it is not open.</summary>
    public async Task<bool> DiscardAsync(string workspace, long id, string reason, CancellationToken cancellationToken)
    {
        var letter = await letters.FindAsync(workspace, id, cancellationToken).ConfigureAwait(false);
        if (letter is null || letter.State != DeadLetterState.Open) return false;
        var close = new CloseDeadLetters(letter.Content.Deployment, null, id, DeadLetterState.Discarded, reason, time.GetUtcNow());
        await commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([close])).ConfigureAwait(false);
        Discarded?.Invoke(letter);
        return true;
    }

    private bool CanReplay(DeadLetter? letter) => letter is { State: DeadLetterState.Open } && registry.Find(letter.Content.Deployment) is { RetiredBecause: null };

    private async Task<long?> AppendAsync(DeadLetter letter, byte[] payload, bool full, byte[]? state, string note)
    {
        var content = letter.Content;
        var replay = new NewEvent
        {
            Deployment = content.Deployment, Trigger = content.Trigger, Kind = EventKind.Replay, Key = content.Key,
            Lane = Lane.Of(content.Deployment.Workspace, content.Deployment.Id, content.Key), Entity = content.Entity, RecordId = content.RecordId,
            Version = content.Version, Payload = payload, Full = full, Priority = content.Priority, ReceivedAt = time.GetUtcNow(),
            ReplayOf = letter.Id, Checkpoint = state,
            // Of two who replay one letter at the same moment, one does.
            DeliveryId = $"letter {letter.Id}",
        };
        var close = new CloseDeadLetters(content.Deployment, null, letter.Id, DeadLetterState.Replayed, note, time.GetUtcNow());
        return (await intake.AppendAsync(replay, close).ConfigureAwait(false)).EventId;
    }

    /// <summary>The state the run failed with, its step to be tried as if for the first time. An effect whose answer is unknown keeps its intent.</summary>
    private static byte[]? Prepare(byte[] stored)
    {
        var state = RunStateCodec.Decode(stored);
        if (state.Slots[Compilation.Plan.Slots.Run] is null) return null;
        state.StepAttempts = 0;
        state.StepWaits = 0;
        state.MatchRounds = 0;
        state.ClaimWaits = 0;
        (state.LaterSince, state.LaterTimes) = (null, 0);
        state.Priority = CallPriority.Live;
        return RunStateCodec.Encode(state);
    }
}

using System.Text.Json;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

/// <summary>What one transaction keeps besides events and links.</summary>
internal sealed class RecordDraft(IStoreDialect dialect, WorkspaceKeys keys)
{
    private readonly Dictionary<EventKey, (SaveKeyState Change, byte[]? Sealed)> _keyStates = [];
    private readonly Dictionary<CursorKey, SaveCursor> _cursors = [];
    private readonly List<NewDeadLetter> _letters = [];
    private readonly List<(CloseDeadLetters Close, int Below)> _closings = [];
    private readonly List<RunRow> _runs = [];
    private readonly List<(EffectRow Row, string Fields)> _effects = [];
    private readonly List<(AppendJournal Journal, byte[] Content)> _blocks = [];
    private readonly List<StoreChange> _incidents = [];
    private readonly List<long> _letterIds = [];
    private readonly List<long> _effectIds = [];
    private readonly List<long> _blockIds = [];

    /// <summary>The memory of a key as it is stored.</summary>
    public static byte[] Sealed(SaveKeyState save, WorkspaceKeys keys)
    {
        var workspace = save.Key.Deployment.Workspace;
        return keys.Of(workspace).Seal(KeyStateText.Write(save.State), Purposes.KeyMemory(workspace, save.Key.Deployment.Id, StoreText.Clean(save.Key.Key)));
    }

    /// <summary>Keeps the memory, as <see cref="Sealed"/> made it beforehand; null = it is made here.</summary>
    public void Save(SaveKeyState save, byte[]? @sealed) => _keyStates[save.Key] = (save, @sealed);

    public void Save(SaveCursor save) => _cursors[save.Key] = save;

    public int Add(AddDeadLetter add)
    {
        _letters.Add(add.Letter);
        return _letters.Count - 1;
    }

    public long LetterIdAt(int place) => _letterIds[place];

    public void Close(CloseDeadLetters close) => _closings.Add((close, _letters.Count));

    public void Add(AddRun add) => _runs.Add(add.Run);

    /// <summary>Keeps effects; the fields of each as text were made beforehand.</summary>
    public void Add(AddEffects add, string[]? fields)
    {
        for (var i = 0; i < add.Effects.Count; i++) _effects.Add((add.Effects[i], fields![i]));
    }

    public void Add(AppendJournal journal, byte[] content) => _blocks.Add((journal, content));

    public void Note(StoreChange incident) => _incidents.Add(incident);

    /// <summary>Asks for ids. <see cref="WriteAsync"/> follows when they have come.</summary>
    public async Task BeginAsync(StoreSession session, CancellationToken cancellationToken)
    {
        if (_letters.Count > 0) await dialect.ReserveAsync(session, "dead_letter", _letters.Count, _letterIds, cancellationToken).ConfigureAwait(false);
        if (_effects.Count > 0) await dialect.ReserveAsync(session, "effect", _effects.Count, _effectIds, cancellationToken).ConfigureAwait(false);
        if (_blocks.Count > 0) await dialect.ReserveAsync(session, "journal_block", _blocks.Count, _blockIds, cancellationToken).ConfigureAwait(false);
    }

    public async Task WriteAsync(StoreSession session, CancellationToken cancellationToken)
    {
        await WriteStateAsync(session, cancellationToken).ConfigureAwait(false);
        if (_letters.Count > 0 || _closings.Count > 0) await WriteLettersAsync(session, cancellationToken).ConfigureAwait(false);
        await WriteExplanationAsync(session, cancellationToken).ConfigureAwait(false);
        foreach (var incident in _incidents) await WriteIncidentAsync(session, incident, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteStateAsync(StoreSession session, CancellationToken cancellationToken)
    {
        await dialect.SendAsync(
            session,
            RecordStatements.SaveKeyState,
            [.. _keyStates.Select(pair =>
            {
                var (workspace, deployment, key) = (pair.Key.Deployment.Workspace, pair.Key.Deployment.Id, StoreText.Clean(pair.Key.Key));
                return new object?[] { workspace, deployment, key, pair.Value.Sealed ?? Sealed(pair.Value.Change, keys) };
            })],
            null,
            cancellationToken).ConfigureAwait(false);
        await dialect.SendAsync(
            session,
            RecordStatements.SaveCursor,
            [.. _cursors.Values.Select(item => new object?[]
            {
                item.Key.Workspace, item.Key.Realm, item.Key.Feed, item.Key.Scope, item.Cursor.Token, item.Cursor.HighWater?.UtcTicks, item.At.UtcTicks,
            })],
            null,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteLettersAsync(StoreSession session, CancellationToken cancellationToken)
    {
        await dialect.SendAsync(session, RecordStatements.AddDeadLetter, [.. _letters.Select((letter, i) => LetterRow(letter, _letterIds[i]))], null, cancellationToken)
            .ConfigureAwait(false);

        // One by one: two closings of one letter must not meet in one statement, and the first one wins.
        foreach (var (close, below) in _closings)
        {
            var (workspace, deployment) = (close.Deployment.Workspace, close.Deployment.Id);
            if (close.Id is { } id)
            {
                object?[] row = [workspace, deployment, id, (int)close.State, close.Note, close.At.UtcTicks];
                await dialect.SendAsync(session, RecordStatements.CloseDeadLetter, [row], null, cancellationToken).ConfigureAwait(false);
            }
            else if (close.Key is { } key)
            {
                object?[] row =
                [
                    workspace, deployment, key, below < _letterIds.Count ? _letterIds[below] : long.MaxValue, (int)close.State, close.Note, close.At.UtcTicks,
                ];
                await dialect.SendAsync(session, RecordStatements.CloseDeadLettersOfKey, [row], null, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private object?[] LetterRow(NewDeadLetter letter, long id)
    {
        var workspace = letter.Deployment.Workspace;
        var seal = keys.Of(workspace);
        return
        [
            id, workspace, letter.Deployment.Id, letter.FlowHash, letter.Trigger, (int)letter.Kind, letter.Key, letter.Entity, letter.RecordId, letter.Version, letter.Full,
            letter.RunId, letter.Step, letter.Place, (int)letter.ErrorKind, letter.Code, letter.Message, letter.Fingerprint, JsonSerializer.Serialize(letter.Attempts),
            letter.At.UtcTicks, letter.ReceivedAt.UtcTicks, (int)letter.Priority, (int)DeadLetterState.Open,
            seal.Seal(letter.Payload, Purposes.DeadLetterPayload(workspace, id)),
            letter.State is null ? null : seal.Seal(letter.State, Purposes.DeadLetterState(workspace, id)),
        ];
    }

    private async Task WriteExplanationAsync(StoreSession session, CancellationToken cancellationToken)
    {
        await dialect.SendAsync(
            session,
            RecordStatements.AddRun,
            [.. _runs.Select(run => new object?[]
            {
                run.Deployment.Workspace, run.Id, run.Deployment.Id, run.FlowHash, run.EventId, run.Trigger, run.Key, run.RecordId, (int)run.Outcome, run.Text,
                run.AcceptedAt.UtcTicks, run.StartedAt.UtcTicks, run.EndedAt.UtcTicks, run.Attempts, run.Effects, (int)run.Priority, run.ReplayOf,
            })],
            null,
            cancellationToken).ConfigureAwait(false);
        if (_effects.Count > 0)
        {
            await dialect.SendAsync(
                session,
                RecordStatements.AddEffect,
                [.. _effects.Select((effect, i) => new object?[]
                {
                    _effectIds[i], effect.Row.Workspace, effect.Row.Realm, effect.Row.Entity, effect.Row.RecordId, effect.Row.RunId, effect.Row.Step, effect.Row.Verb,
                    effect.Fields, effect.Row.At.UtcTicks,
                })],
                null,
                cancellationToken).ConfigureAwait(false);
        }

        if (_blocks.Count == 0) return;
        await dialect.SendAsync(
            session,
            RecordStatements.AddJournalBlock,
            [.. _blocks.Select((block, i) => new object?[] { _blockIds[i], block.Journal.Workspace, block.Journal.At.UtcTicks, block.Journal.Block.Length, block.Content })],
            null,
            cancellationToken).ConfigureAwait(false);
        await dialect.SendAsync(
            session,
            RecordStatements.AddJournalEntry,
            [.. _blocks.SelectMany((block, i) => block.Journal.Entries.Select(entry => new object?[]
            {
                block.Journal.Workspace, entry.RunId, _blockIds[i], entry.Offset, entry.Length,
            }))],
            null,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteIncidentAsync(StoreSession session, StoreChange change, CancellationToken cancellationToken)
    {
        if (change is OpenReview { Review: var asked })
        {
            var workspace = asked.Deployment.Workspace;
            object?[] row =
            [
                workspace, asked.Id, asked.Deployment.Id, (int)asked.Kind, asked.EventId, asked.Key, asked.RunId, asked.Step, asked.Place, asked.Entity, asked.Message, asked.OpenedAt.UtcTicks,
                keys.Of(workspace).Seal(asked.Content, Purposes.ReviewContent(workspace, asked.Id)),
            ];
            await dialect.SendAsync(session, ReviewStatements.Open, [row], null, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (change is SaveBackfill { Backfill: var backfill })
        {
            await dialect.SendAsync(session, BackfillStatements.Save, [BackfillStatements.Row(backfill)], null, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (change is SaveBulkJob { Job: var job })
        {
            await dialect.SendAsync(session, BulkJobStatements.Save, [BulkJobStatements.Row(job)], null, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (change is SaveDeploymentState state)
        {
            object?[] row = [state.Deployment.Workspace, state.Deployment.Id, (int)state.State, state.PausedBecause];
            await dialect.SendAsync(session, RecordStatements.SaveDeploymentState, [row], null, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (change is DecideReview decided)
        {
            object?[] row = [decided.Workspace, decided.Id, (int)decided.Decision, decided.RecordId, decided.Comment, decided.By, decided.At.UtcTicks];
            await dialect.SendAsync(session, ReviewStatements.Decide, [row], null, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (change is RecoverIncident recover)
        {
            object?[] end = [recover.Workspace, recover.Deployment ?? Guid.Empty, recover.Fingerprint, recover.At.UtcTicks];
            await dialect.SendAsync(session, RecordStatements.RecoverIncident, [end], null, cancellationToken).ConfigureAwait(false);
        }
        else if (change is RaiseIncident raise)
        {
            object?[] seen = [raise.Workspace, raise.Deployment ?? Guid.Empty, raise.Fingerprint, raise.Message, raise.At.UtcTicks];
            if (await dialect.ExecuteAsync(session, RecordStatements.CountIncident, [seen], cancellationToken).ConfigureAwait(false) > 0) return;
            var ids = new List<long>(1);
            await dialect.ReserveAsync(session, "incident", 1, ids, cancellationToken).ConfigureAwait(false);
            await dialect.FlushAsync(session, cancellationToken).ConfigureAwait(false);
            await dialect.SendAsync(session, RecordStatements.OpenIncident, [[.. seen, ids[0]]], null, cancellationToken).ConfigureAwait(false);
        }
    }
}

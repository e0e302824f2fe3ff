using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>What could not go on by itself: seen, grouped, replayed, changed, discarded.</summary>
internal static class DeadLetterEndpoints
{
    private const int MostGrouped = 2_000;
    private const int MostIds = 500;
    private const int LongestReason = 500;
    private const int LargestPayload = 1024 * 1024;

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/dead-letters", Role.Viewer, "listDeadLetters", "Dead letters, newest first; open ones unless 'state' says otherwise.", ListAsync) { Answer = typeof(Page<DeadLetterView>) },
        new("GET", "/api/dead-letters/groups", Role.Viewer, "groupDeadLetters", "Open dead letters that failed alike, as one row each.", GroupsAsync) { Answer = typeof(Whole<DeadLetterGroupView>) },
        new("GET", "/api/dead-letters/{id:long}", Role.Operator, "getDeadLetter", "One dead letter with its attempts, its record and the outputs before it.", FindAsync) { Answer = typeof(DeadLetterDetail) },
        new("POST", "/api/dead-letters/replay", Role.Operator, "replayDeadLetters", "Replays dead letters: by ids, or all open ones that fit deployment, key or fingerprint.", ReplayAsync) { Answer = typeof(ReplayAnswer) },
        new("PATCH", "/api/dead-letters/{id:long}", Role.Operator, "patchDeadLetter", "Discards it with a reason, or replays it with its record changed.", PatchAsync) { Answer = typeof(DeadLetterView) },
    ];

    private static async Task<IResult> ListAsync(
        Call call, string? deployment, string? state, string? key, string? fingerprint, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        var names = call.Workspace.Names;
        Guid? id = null;
        if (deployment is not null && (id = names.Find(deployment)) is null) return Problem.NotFound($"There is no deployment '{deployment}'.");
        DeadLetterState? wanted = DeadLetterState.Open;
        if (state == "all") wanted = null;
        else if (state is not null)
        {
            if (!Words.TryRead<DeadLetterState>(state, out var parsed)) return Problem.BadRequest($"'{state}' is no state; expected {Words.All<DeadLetterState>()} or all.");
            wanted = parsed;
        }

        if (!Paging.TryLimit(limit, out var most)) return Problem.BadRequest(Paging.BadLimit);
        if (!Paging.TryReadNumber(cursor, out var before)) return Problem.BadRequest(Paging.BadCursor);
        var rows = await call.Host.View.DeadLetters.ListAsync(
            new DeadLetterFilter { Workspace = call.Caller.Workspace, Deployment = id, State = wanted, Key = key, Fingerprint = fingerprint, Before = before, Limit = most + 1 },
            cancellationToken).ConfigureAwait(false);
        return Results.Json(Paging.Of(rows, most, l => l.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), l => DeadLetterView.Of(l, names)));
    }

    private static async Task<IResult> GroupsAsync(Call call, string? deployment, CancellationToken cancellationToken)
    {
        var names = call.Workspace.Names;
        Guid? id = null;
        if (deployment is not null && (id = names.Find(deployment)) is null) return Problem.NotFound($"There is no deployment '{deployment}'.");
        var rows = await call.Host.View.DeadLetters.ListAsync(new DeadLetterFilter { Workspace = call.Caller.Workspace, Deployment = id, Limit = MostGrouped }, cancellationToken).ConfigureAwait(false);
        return Results.Json(new Whole<DeadLetterGroupView>(
        [
            .. rows.GroupBy(l => (l.Content.Deployment.Id, l.Content.Fingerprint)).Select(g =>
            {
                var newest = g.First().Content;
                return new DeadLetterGroupView(
                    g.Key.Fingerprint, names.NameOf(g.Key.Id), newest.Step, Words.Of(newest.ErrorKind), newest.Code, newest.Message, g.Count(), g.Min(l => l.Content.At), g.Max(l => l.Content.At));
            }).OrderByDescending(g => g.Count).ThenByDescending(g => g.Last),
        ]));
    }

    private static async Task<IResult> FindAsync(Call call, long id, CancellationToken cancellationToken)
    {
        if (await call.Host.View.DeadLetters.FindAsync(call.Caller.Workspace, id, cancellationToken).ConfigureAwait(false) is not { } letter) return NotThere(id);
        var deployment = await VersionAsync(call, letter, cancellationToken).ConfigureAwait(false);
        var (record, isNamedOnly) = RecordOf(letter);
        return Results.Json(new DeadLetterDetail(
            DeadLetterView.Of(letter, call.Workspace.Names), PayloadJson.ToJson(Redaction.Of(record, FieldsOf(deployment, letter))), isNamedOnly, OutputsOf(deployment, letter, record)));
    }

    private static async Task<IResult> ReplayAsync(Call call, ReplayRequest request, CancellationToken cancellationToken)
    {
        Guid? deployment = null;
        if (request.Deployment is not null && (deployment = call.Workspace.Names.Find(request.Deployment)) is null) return Problem.NotFound($"There is no deployment '{request.Deployment}'.");
        if (request.Ids is null && request.Deployment is null && request.Key is null && request.Fingerprint is null) return Problem.BadRequest("Say what to replay: ids, or deployment, key or fingerprint.");
        // Each would narrow the other, or be overlooked: both are wrong for somebody.
        if (request.Ids is not null && (request.Deployment ?? request.Key ?? request.Fingerprint) is not null) return Problem.BadRequest("Say either ids, or deployment, key or fingerprint: not both.");
        if (request.Ids is { Count: > MostIds }) return Problem.BadRequest($"At most {MostIds} ids at once.");
        if (request.From is not (null or "start" or "step")) return Problem.BadRequest($"'from' is start or step, not '{request.From}'.");
        var result = await call.Host.ReplayAsync(
            new DeadLetterFilter { Workspace = call.Caller.Workspace, Deployment = deployment, Key = request.Key, Fingerprint = request.Fingerprint },
            request.Ids,
            fromStep: request.From == "step",
            cancellationToken).ConfigureAwait(false);
        await call.AuditAsync("dead-letter.replay", request.Deployment ?? "", null, new { request, result.Replayed }).ConfigureAwait(false);
        return Results.Json(new ReplayAnswer(result.Replayed, result.Refused));
    }

    private static async Task<IResult> PatchAsync(Call call, long id, DeadLetterPatch patch, CancellationToken cancellationToken)
    {
        if (patch.Discard is null == patch.Payload is null) return Problem.BadRequest("Give either 'discard' with the reason, or 'payload' with the changed record.");
        var letters = call.Host.View.DeadLetters;
        var workspace = call.Caller.Workspace;
        if (await letters.FindAsync(workspace, id, cancellationToken).ConfigureAwait(false) is not { } letter) return NotThere(id);
        var done = false;
        if (patch.Discard is { } reason)
        {
            if (string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason || reason.Any(char.IsControl)) return Problem.Unprocessable($"The reason is 1 to {LongestReason} characters without control characters.");
            done = await call.Host.Runtime.Replayer.DiscardAsync(workspace, id, $"{reason} ({call.Caller.Name})", cancellationToken).ConfigureAwait(false);
            if (done) await call.AuditAsync("dead-letter.discard", $"{id}", null, new { reason }).ConfigureAwait(false);
        }
        else if (patch.Payload is { ValueKind: JsonValueKind.Object } payload)
        {
            if (Encoding.UTF8.GetByteCount(payload.GetRawText()) > LargestPayload) return Problem.TooLarge("The record is larger than 1 MB.");
            var deployment = await VersionAsync(call, letter, cancellationToken).ConfigureAwait(false);
            var fields = FieldsOf(deployment, letter);
            var record = SampleValues.Of(new FieldType { Kind = FieldKind.Object, Fields = fields, OpenFields = true }, payload);
            var (before, isNamedOnly) = RecordOf(letter);
            // The rest of it would be taken for empty.
            if (isNamedOnly) return Problem.Unprocessable($"The event of dead letter {id} only named its record, and the run could not read it: there is nothing to change. Replay it: it is read again.");
            done = await call.Host.Runtime.Replayer.ReplayChangedAsync(workspace, id, Payload.Encode(Redaction.Restore(record, before, fields)), cancellationToken).ConfigureAwait(false) is not null;
            // Records do not belong into the audit: it is kept for ever and read by more people.
            if (done) await call.AuditAsync("dead-letter.replay-changed", $"{id}", null, new { changed = payload.EnumerateObject().Select(p => p.Name) }).ConfigureAwait(false);
        }
        else
        {
            return Problem.BadRequest("'payload' is the whole record as one JSON object.");
        }

        if (!done) return Problem.Conflict($"The dead letter {id} is not open any more: it was {Words.Of(letter.State)}.");
        var now = await letters.FindAsync(workspace, id, cancellationToken).ConfigureAwait(false);
        return now is null ? NotThere(id) : Results.Json(DeadLetterView.Of(now, call.Workspace.Names));
    }

    /// <summary>The record as it came or, where the event only named it, as the run had read it when it failed; named only where it had not.</summary>
    private static (object? Record, bool IsNamedOnly) RecordOf(DeadLetter letter)
    {
        var came = letter.Content.Payload.Length == 0 ? null : Payload.Decode(letter.Content.Payload);
        if (letter.Content.Full || letter.Content.RecordId is null) return (came, false);
        return letter.Content.State is { } stored && RunStateCodec.Decode(stored).Slots[Slots.Trigger] is IReadOnlyDictionary<string, object?> read ? (read, false) : (came, true);
    }

    private static IResult NotThere(long id) => Problem.NotFound($"There is no dead letter {id}.");

    private static async Task<ActiveDeployment?> VersionAsync(Call call, DeadLetter letter, CancellationToken cancellationToken) =>
        await call.Host.Runtime.Registry.FindVersionAsync(letter.Content.Deployment, letter.Content.FlowHash, cancellationToken).ConfigureAwait(false);

    private static IReadOnlyList<FieldDescriptor> FieldsOf(ActiveDeployment? deployment, DeadLetter letter)
    {
        if (deployment?.Trigger(letter.Content.Trigger)?.Entity is { } entity) return entity.Fields;
        return deployment?.Flow.Input.Fields ?? [];
    }

    /// <summary>The outputs under their names, in the order of the steps, without the values of sensitive fields and what was made of them.</summary>
    private static Dictionary<string, JsonElement>? OutputsOf(ActiveDeployment? deployment, DeadLetter letter, object? payload)
    {
        if (deployment is null || letter.Content.State is not { } stored) return null;
        var flow = deployment.Flow;
        var slots = RunStateCodec.Decode(stored).Slots;
        var records = flow.Instructions.OfType<ReadInstruction>().Where(r => r.Step.Output >= 0).DistinctBy(r => r.Step.Output).ToDictionary(r => r.Step.Output, r => r.Entity.Fields);
        var hidden = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Redaction.Gather(payload, FieldsOf(deployment, letter), hidden);
        foreach (var (slot, fields) in records) Redaction.Gather(slots.ElementAtOrDefault(slot), fields, hidden);
        foreach (var write in flow.Instructions.OfType<WriteInstruction>().Where(w => w.Step.Output >= 0))
        {
            Redaction.Gather((slots.ElementAtOrDefault(write.Step.Output) as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("record"), write.Entity.Fields, hidden);
        }

        var lines = flow.Instructions.OfType<MapInstruction>().Where(m => m.Step.Output >= 0 && m.Values.LineNames is not null)
            .ToLookup(m => m.Step.Output, m => m.Values.Hidden.Select(i => m.Values.LineNames![i]));
        var outputs = new Dictionary<string, JsonElement>();
        for (var slot = Slots.First; slot < slots.Length && slot < flow.SlotNames.Count; slot++)
        {
            if (slots[slot] is not { } value) continue;
            var shown = records.TryGetValue(slot, out var fields) ? Redaction.Of(value, fields) : value;
            var made = lines[slot].SelectMany(l => l).ToHashSet(StringComparer.Ordinal);
            if (made.Count > 0 && shown is IReadOnlyDictionary<string, object?> map) shown = map.ToDictionary(p => p.Key, p => made.Contains(p.Key) && p.Value is not null ? Redaction.Hidden : p.Value);
            outputs[flow.SlotNames[slot]] = PayloadJson.ToJson(Redaction.Without(shown, hidden));
        }

        return outputs;
    }
}

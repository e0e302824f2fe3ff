using System.Text.Json;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>What could not go on by itself.</summary>
public sealed record DeadLetterView
{
    public required long Id { get; init; }

    public required string Deployment { get; init; }

    /// <summary><c>open</c>, <c>replayed</c>, <c>discarded</c> or <c>superseded</c>.</summary>
    public required string State { get; init; }

    public required string Key { get; init; }

    public string? Entity { get; init; }

    public string? Record { get; init; }

    /// <summary>The failed step.</summary>
    public required string Step { get; init; }

    /// <summary>Its file, line and column.</summary>
    public string? Place { get; init; }

    /// <summary>The kind of failure.</summary>
    public required string Kind { get; init; }

    public required string Code { get; init; }

    public required string Message { get; init; }

    /// <summary>Equal failures have the same one.</summary>
    public required string Fingerprint { get; init; }

    public required IReadOnlyList<string> Attempts { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Run { get; init; }

    /// <summary>Why it was closed.</summary>
    public string? Note { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    internal static DeadLetterView Of(DeadLetter letter, DeploymentNames names) => new()
    {
        Id = letter.Id,
        Deployment = names.NameOf(letter.Content.Deployment.Id),
        State = Words.Of(letter.State),
        Key = letter.Content.Key,
        Entity = letter.Content.Entity,
        Record = letter.Content.RecordId,
        Step = letter.Content.Step,
        Place = letter.Content.Place,
        Kind = Words.Of(letter.Content.ErrorKind),
        Code = letter.Content.Code,
        Message = letter.Content.Message,
        Fingerprint = letter.Content.Fingerprint,
        Attempts = letter.Content.Attempts,
        At = letter.Content.At,
        Run = letter.Content.RunId,
        Note = letter.Note,
        ClosedAt = letter.ClosedAt,
    };
}

/// <summary>A dead letter with its record.</summary>
/// <param name="DeadLetter">The dead letter.</param>
/// <param name="Record">The record as it came; values of sensitive fields are hidden.</param>
/// <param name="Hint">The record says only which one it is about: the run read it in full, and reads it again.</param>
/// <param name="Outputs">What the steps before gave, by step; null when it failed before it began, or its flow version is gone.</param>
public sealed record DeadLetterDetail(DeadLetterView DeadLetter, JsonElement Record, bool Hint, IReadOnlyDictionary<string, JsonElement>? Outputs);

/// <summary>Open dead letters that failed alike.</summary>
public sealed record DeadLetterGroupView(
    string Fingerprint, string Deployment, string Step, string Kind, string Code, string Message, int Count, DateTimeOffset First, DateTimeOffset Last);

/// <summary>What to replay.</summary>
/// <param name="Ids">These dead letters.</param>
/// <param name="Deployment">Or all open ones of this deployment,</param>
/// <param name="Key">of this key,</param>
/// <param name="Fingerprint">of this incident.</param>
/// <param name="From"><c>start</c> (default): the record is read again; <c>step</c>: from the failed step with the outputs so far.</param>
public sealed record ReplayRequest(IReadOnlyList<long>? Ids, string? Deployment, string? Key, string? Fingerprint, string? From);

/// <summary>What was replayed.</summary>
public sealed record ReplayAnswer(int Replayed, IReadOnlyList<RefusedReplay> Refused);

/// <summary>What to do with a dead letter: one of the two.</summary>
/// <param name="Discard">Close it for this reason.</param>
/// <param name="Payload">Replay it with this record instead.</param>
public sealed record DeadLetterPatch(string? Discard, JsonElement? Payload);

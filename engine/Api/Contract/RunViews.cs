using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>A finished run.</summary>
/// <param name="Id">Time-ordered.</param>
/// <param name="Deployment">The deployment's name.</param>
/// <param name="Flow">Hash of the flow version it ran.</param>
/// <param name="Trigger">The trigger's id.</param>
/// <param name="Key">Events of one key run in order.</param>
/// <param name="Record">The record whose change it was.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Text">Why it stopped or failed.</param>
/// <param name="AcceptedAt">When its event was on disk.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Attempts">Tries.</param>
/// <param name="Effects">Remote writes.</param>
/// <param name="ReplayOf">The dead letter it replays.</param>
public sealed record RunView(
    string Id, string Deployment, string Flow, string Trigger, string Key, string? Record, string Outcome, string? Text, DateTimeOffset AcceptedAt, DateTimeOffset StartedAt,
    DateTimeOffset EndedAt, int Attempts, int Effects, long? ReplayOf)
{
    internal static RunView Of(RunRow run, DeploymentNames names) => new(
        run.Id, names.NameOf(run.Deployment.Id), run.FlowHash, run.Trigger, run.Key, run.RecordId, Words.Of(run.Outcome), run.Text, run.AcceptedAt, run.StartedAt, run.EndedAt,
        run.Attempts, run.Effects, run.ReplayOf);
}

/// <summary>A run with what it did.</summary>
/// <param name="Run">The run.</param>
/// <param name="Steps">What its steps did, in order; null when retention has dropped it.</param>
/// <param name="Attempts">Failed tries, one sentence each.</param>
/// <param name="Effects">Remote writes.</param>
/// <param name="Input">What another flow or a person handed it, without what is sensitive; null for the change of a record, and when it was too large.</param>
public sealed record RunDetail(RunView Run, IReadOnlyList<RunStepView>? Steps, IReadOnlyList<string> Attempts, IReadOnlyList<EffectView> Effects, JsonElement? Input);

/// <summary>A remote write.</summary>
public sealed record EffectView(string Step, string Verb, string Realm, string Entity, string Record, string Run, IReadOnlyList<string> Fields, DateTimeOffset At)
{
    internal static EffectView Of(EffectRow e) => new(e.Step, e.Verb, e.Realm, e.Entity, e.RecordId, e.RunId, e.Fields, e.At);
}

/// <summary>What a step of a run did; null where it does not apply.</summary>
public sealed record RunStepView
{
    public required string Step { get; init; }

    /// <summary>The flow file.</summary>
    public string? Path { get; init; }

    public int? Line { get; init; }

    public int? Column { get; init; }

    /// <summary><c>created</c>, <c>updated</c>, <c>deleted</c>, <c>unchanged</c>, <c>called</c>, …</summary>
    public string? Did { get; init; }

    public string? Entity { get; init; }

    public string? Operation { get; init; }

    /// <summary>The record written.</summary>
    public string? Id { get; init; }

    /// <summary>The field and value it was found or claimed by.</summary>
    public string? Key { get; init; }

    /// <summary>Rows read.</summary>
    public int? Rows { get; init; }

    /// <summary>The first ids read.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>The one record that what was read belongs to, where the step asked by it.</summary>
    public RunOwnerView? Below { get; init; }

    /// <summary>The case a branch took, the text of an ending.</summary>
    public string? Took { get; init; }

    /// <summary>The kind of failure.</summary>
    public string? Failed { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    /// <summary>Milliseconds from the run's begin to this; what was waited for in between counts.</summary>
    public long? After { get; init; }

    /// <summary>Fields written, with the line of the file that gave them.</summary>
    public IReadOnlyList<RunFieldView>? Fields { get; init; }

    internal static RunStepView Of(JsonElement note)
    {
        var (path, line, column) = Place(Text(note, "at"));
        return new RunStepView
        {
            Step = Text(note, "step") ?? "",
            Path = path,
            Line = line,
            Column = column,
            Did = Text(note, "did"),
            Entity = Text(note, "entity"),
            Operation = Text(note, "operation"),
            Id = Text(note, "id"),
            Key = Text(note, "key"),
            Rows = note.TryGetProperty("rows", out var rows) && rows.TryGetInt32(out var count) ? count : null,
            Ids = note.TryGetProperty("ids", out var ids) && ids.ValueKind == JsonValueKind.Array ? [.. ids.EnumerateArray().Select(i => i.ToString())] : null,
            Below = note.TryGetProperty("below", out var below) && below.ValueKind == JsonValueKind.Object && below.EnumerateObject().FirstOrDefault() is { Value.ValueKind: JsonValueKind.String } owner
                ? new RunOwnerView(owner.Name, owner.Value.GetString()!)
                : null,
            Took = Text(note, "took"),
            Failed = Text(note, "failed"),
            Code = Text(note, "code"),
            Message = Text(note, "message"),
            After = note.TryGetProperty("after", out var after) && after.TryGetInt64(out var milliseconds) ? milliseconds : null,
            Fields = note.TryGetProperty("fields", out var fields) && fields.ValueKind == JsonValueKind.Object ? [.. fields.EnumerateObject().Select(Field)] : null,
        };
    }

    private static RunFieldView Field(JsonProperty field) => field.Value is { ValueKind: JsonValueKind.Array } pair && pair.GetArrayLength() > 0
        ? new RunFieldView(field.Name, pair[0], pair.GetArrayLength() > 1 ? pair[1].GetInt32() : null)
        : new RunFieldView(field.Name, field.Value, null);

    private static string? Text(JsonElement note, string name) => note.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static (string? Path, int? Line, int? Column) Place(string? at)
    {
        if (at?.Split(':') is not { Length: >= 3 } parts) return (at, null, null);
        return int.TryParse(parts[^2], CultureInfo.InvariantCulture, out var line) && int.TryParse(parts[^1], CultureInfo.InvariantCulture, out var column)
            ? (string.Join(':', parts[..^2]), line, column)
            : (at, null, null);
    }
}

/// <summary>The record that others belong to.</summary>
/// <param name="Field">Their field that names it.</param>
/// <param name="Id">Its id.</param>
public sealed record RunOwnerView(string Field, string Id);

/// <summary>A field written.</summary>
/// <param name="Name">The field.</param>
/// <param name="Value">What was written; long texts are cut, sensitive ones hidden.</param>
/// <param name="Line">The line of the flow file.</param>
public sealed record RunFieldView(string Name, JsonElement Value, int? Line);

/// <summary>How to replay a run.</summary>
/// <param name="From"><c>start</c> (default): the record is read again; <c>step</c>: a failed run goes on from the failed step with the outputs so far.</param>
public sealed record RunReplayRequest(string? From);

/// <summary>The replay of a run.</summary>
/// <param name="Event">The new event; null when it was replayed already.</param>
/// <param name="Same">It was replayed already: nothing more happens.</param>
public sealed record RunReplayAnswer(long? Event, bool Same);

using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Writes what a run did as compact JSON, redacted: values of sensitive fields never leave the state.</summary>
internal static class Notes
{
    private const int MostText = 200;
    private const int MostIds = 20;
    private const int MostKept = 256 * 1024;
    private const int MostInput = 8 * 1024;
    private const int MostDepth = 32;

    /// <summary>Places as text: every run of a step tells the same one.</summary>
    private static readonly ConditionalWeakTable<PlanStep, string> Places = [];

    private static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? _writer;

    /// <param name="run">The run.</param>
    /// <param name="step">The step that read.</param>
    /// <param name="entity">What it read.</param>
    /// <param name="condition">What it asked for; null = nothing was asked.</param>
    /// <param name="rows">What it got.</param>
    public static void Read(Run run, PlanStep step, EntityDescriptor entity, Condition? condition, IReadOnlyList<IReadOnlyDictionary<string, object?>> rows)
    {
        using var note = new Note(run, step);
        note.Json.WriteString("entity", entity.Name);
        note.Json.WriteNumber("rows", rows.Count);
        note.Json.WriteStartArray("ids");
        for (var i = 0; i < rows.Count && i < MostIds; i++) note.Json.WriteStringValue(MatchFinder.Id(entity, rows[i]));
        note.Json.WriteEndArray();
        if (condition is null || rows.Count == 0 || Owner(entity, condition) is not { } owner) return;
        note.Json.WriteStartObject("below");
        note.Json.WriteString(owner.Path, FieldValues.AsText(owner.Values[0]));
        note.Json.WriteEndObject();
    }

    public static void Written(Run run, WriteInstruction write, PendingIntent intent, string id, bool created)
    {
        using var note = new Note(run, write.Step);
        note.Json.WriteString("entity", write.Entity.Name);
        note.Json.WriteString("id", id);
        note.Json.WriteString("did", Did(intent.Kind, created));
        if (intent.KeyField is { } key) note.Json.WriteString("key", key + "=" + (IsHidden(write, key) ? HiddenValues.Shown : Text(intent.Key)));
        note.Json.WriteStartObject("fields");
        foreach (var (path, value) in intent.Fields)
        {
            var line = Line(write, path);
            note.Json.WriteStartArray(path);
            if (line is null ? IsHidden(write, path) : line.Hidden) note.Json.WriteStringValue(HiddenValues.Shown);
            else Value(note.Json, value);
            if (line is not null) note.Json.WriteNumberValue(line.Place.Line);
            note.Json.WriteEndArray();
        }

        note.Json.WriteEndObject();
    }

    public static void Unchanged(Run run, WriteInstruction write, string id)
    {
        using var note = new Note(run, write.Step);
        note.Json.WriteString("entity", write.Entity.Name);
        note.Json.WriteString("id", id);
        note.Json.WriteString("did", "unchanged");
    }

    /// <summary>What an effect did, in one word.</summary>
    public static string Did(IntentKind kind, bool created) => kind switch
    {
        IntentKind.Delete => "deleted",
        IntentKind.Merge => "merged",
        IntentKind.Restore => Restored,
        _ => created ? "created" : "updated",
    };

    public const string Restored = "restored";

    public static void Called(Run run, CallInstruction call)
    {
        using var note = new Note(run, call.Step);
        note.Json.WriteString("operation", call.Operation.Name);
        note.Json.WriteString("did", "called");
    }

    public static void Took(Run run, PlanStep step, string what)
    {
        using var note = new Note(run, step);
        note.Json.WriteString("took", what);
    }

    public static void Failed(Run run, PlanStep step, OperationError error)
    {
        using var note = new Note(run, step);
        note.Json.WriteString("failed", error.Kind.ToString());
        note.Json.WriteString("code", error.Code);
        note.Json.WriteString("message", Cut(error.Message));
    }

    /// <summary>The whole explanation of a run, as UTF-8.</summary>
    /// <param name="row">The run's row.</param>
    /// <param name="state">What it did; null = nothing.</param>
    /// <param name="input">The type of its input where no record can be read again that says it; null = it is not told.</param>
    public static byte[] Explain(RunRow row, RunState? state, FieldType? input = null)
    {
        var given = state is null || input is null ? null : Given(state.Slots[Slots.Input], input);
        var (buffer, json) = Writer();
        json.WriteStartObject();
        json.WriteString("run", row.Id);
        json.WriteString("deployment", row.Deployment.Id);
        json.WriteString("flow", row.FlowHash);
        json.WriteString("trigger", row.Trigger);
        json.WriteString("key", row.Key);
        if (row.RecordId is { } record) json.WriteString("record", record);
        json.WriteString("outcome", row.Outcome.ToString());
        if (row.Text is { } text) json.WriteString("text", Cut(text));
        json.WriteString("accepted", row.AcceptedAt);
        json.WriteString("started", row.StartedAt);
        json.WriteString("ended", row.EndedAt);
        if (given is not null)
        {
            json.WritePropertyName("input");
            json.WriteRawValue(given, skipInputValidation: true);
        }

        if (state is not null)
        {
            json.WriteStartArray("steps");
            foreach (var note in state.Notes) json.WriteRawValue(note, skipInputValidation: true);
            json.WriteEndArray();
            if (state.Attempts.Count > 0)
            {
                json.WriteStartArray("attempts");
                foreach (var attempt in state.Attempts) json.WriteStringValue(attempt);
                json.WriteEndArray();
            }
        }

        json.WriteEndObject();
        json.Flush();

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Whether the value of a field must not be shown: the field is sensitive, or the value comes from one that is.</summary>
    public static bool IsHidden(WriteInstruction write, string path) => Line(write, path)?.Hidden ?? write.Entity.Field(path)?.Sensitive ?? false;

    /// <summary>An input as JSON, redacted; null when it is too large to be kept.</summary>
    private static byte[]? Given(object? input, FieldType type)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, Plain);
        if (!Whole(json, input, type, MostDepth)) return null;
        json.Flush();
        return buffer.WrittenCount <= MostInput ? buffer.WrittenSpan.ToArray() : null;
    }

    /// <summary>Ids and yes or no are told; what else another flow or a person handed over may come from what is sensitive there, and nothing says so here.</summary>
    private static bool Whole(Utf8JsonWriter json, object? value, FieldType? type, int depth)
    {
        if (depth == 0 || json.BytesCommitted + json.BytesPending > MostInput) return false;
        switch (value)
        {
            case IReadOnlyDictionary<string, object?> record:
                json.WriteStartObject();
                foreach (var (name, part) in record)
                {
                    json.WritePropertyName(name);
                    var field = type?.Fields.FirstOrDefault(f => f.Name == name);
                    if (!Whole(json, field?.Sensitive == true && part is not null ? HiddenValues.Shown : part, field?.Type, depth - 1)) return false;
                }

                json.WriteEndObject();
                return true;
            case IReadOnlyList<object?> list:
                json.WriteStartArray();
                foreach (var item in list)
                {
                    if (!Whole(json, item, type?.Item, depth - 1)) return false;
                }

                json.WriteEndArray();
                return true;
            case null:
                json.WriteNullValue();
                return true;
            case bool flag:
                json.WriteBooleanValue(flag);
                return true;
            default:
                json.WriteStringValue(type?.Kind == FieldKind.Id ? FieldValues.AsText(value) : HiddenValues.Shown);
                return true;
        }
    }

    /// <summary>The one record that all that was read belongs to: some vendors show children only together with it.</summary>
    private static FieldCondition? Owner(EntityDescriptor entity, Condition condition) => condition switch
    {
        FieldCondition { Operator: Comparison.In, Values.Count: 1 } one when one.Path != entity.IdField && entity.Field(one.Path) is { Sensitive: false, Type: { Kind: FieldKind.Id, Entity: not null } } => one,
        AllOf all => all.Parts.Select(p => Owner(entity, p)).FirstOrDefault(o => o is not null),
        _ => null,
    };

    private static PlanFieldLine? Line(WriteInstruction write, string path)
    {
        var line = Find(write.Set, path);
        if (write is MergeInstruction merge) return merge.Survivorship.FirstOrDefault(s => s.Line.Path == path)?.Line;
        if (write is UpsertInstruction upsert) return Find(upsert.SetOnUpdate, path) ?? Find(upsert.SetOnCreate, path) ?? line;
        return line ?? ((write as CreateInstruction)?.Once is { } once && once.Path == path ? once : null);
    }

    private static PlanFieldLine? Find(IReadOnlyList<PlanFieldLine> lines, string path)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Path == path) return lines[i];
        }

        return null;
    }

    private static void Value(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case long whole: json.WriteNumberValue(whole); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            default: json.WriteStringValue(Text(value)); break;
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        ParentReference parent => $"{parent.Entity}.{parent.By}={FieldValues.AsText(parent.Value)}",
        IReadOnlyList<object?> list => $"{list.Count} items",
        IReadOnlyDictionary<string, object?> => "an object",
        _ => Cut(FieldValues.AsText(value) ?? ""),
    };

    private static string Cut(string text) => text.Length <= MostText ? text : text[..MostText] + "…";

    /// <summary>This thread's buffer and writer, emptied: notes are written one after the other, never inside each other.</summary>
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) Writer()
    {
        if (_writer is not var (buffer, json) || buffer.Capacity > MostKept)
        {
            buffer = new ArrayBufferWriter<byte>(4096);
            json = new Utf8JsonWriter(buffer, Plain);
            _writer = (buffer, json);
            return (buffer, json);
        }

        buffer.ResetWrittenCount();
        json.Reset();
        return (buffer, json);
    }

    private readonly struct Note : IDisposable
    {
        private readonly ArrayBufferWriter<byte> _buffer;
        private readonly Run _run;

        public Note(Run run, PlanStep step)
        {
            _run = run;
            (_buffer, Json) = Writer();
            Json.WriteStartObject();
            Json.WriteString("step", step.Name);
            Json.WriteString("at", Places.GetValue(step, static s => s.Place.ToString()));
            // Milliseconds since the run began: where its time went.
            if (run.Time is { } time) Json.WriteNumber("after", (long)(time.GetUtcNow() - run.State.StartedAt).TotalMilliseconds);
        }

        public Utf8JsonWriter Json { get; }

        public void Dispose()
        {
            Json.WriteEndObject();
            Json.Flush();
            _run.State.Notes.Add(_buffer.WrittenSpan.ToArray());
        }
    }
}

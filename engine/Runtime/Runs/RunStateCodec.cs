using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Runs as bytes, exactly. The first byte is the version of the format.</summary>
public static class RunStateCodec
{
    private const byte Version = 6;

    /// <summary>The oldest format that is still read.</summary>
    private const byte Oldest = 1;

    public static byte[] Encode(RunState state)
    {
        var w = ValueWriter.Rent();
        w.Byte(Version);
        w.Text(state.RunId);
        w.Long(state.EventId);
        w.Text(state.FlowHash);
        w.Text(state.Trigger);
        w.Long(state.Counter);
        w.Long(state.Slots.Length);
        for (var i = 0; i < state.Slots.Length; i++)
        {
            if (Earlier(state.Slots, i) is >= 0 and var earlier) w.Same(earlier);
            else w.Value(i is Slots.Params or Slots.Tables ? null : state.Slots[i]);
        }

        w.Long(state.Loops.Count);
        foreach (var loop in state.Loops)
        {
            w.Long(loop.Begin);
            w.Value(loop.Items);
            w.Long(loop.Index);
            w.Value(loop.Outputs);
            w.Long(loop.Handlers);
        }

        w.Long(state.Handlers.Count);
        foreach (var handler in state.Handlers)
        {
            w.Long(handler.Step);
            w.Long(handler.Case);
            w.Long(handler.Loops);
            Error(w, handler.Error);
        }

        w.Long(state.StepAttempts);
        w.Long(state.StepWaits);
        w.Long(state.AgainCase);
        w.Long(state.MatchRounds);
        w.Texts(state.Owned);
        w.OptionalTime(state.LaterSince);
        w.Bool(state.Intent is not null);
        if (state.Intent is { } intent) Intent(w, intent);
        w.Long(state.ItemsDone);
        w.Texts(state.Attempts);
        w.Long(state.Effects.Count);
        foreach (var effect in state.Effects) Effect(w, effect);
        // As texts are written: their bytes.
        w.Long(state.Notes.Count);
        foreach (var note in state.Notes) w.Bytes(note);
        w.Long(state.Echo.Count);
        foreach (var (path, hash) in state.Echo)
        {
            w.Text(path);
            w.Text(hash);
        }

        w.Long((long)state.Priority);
        w.Time(state.AcceptedAt);
        w.Time(state.StartedAt);
        w.OptionalTime(state.WaitsUntil);
        w.Texts(state.Intent?.Absorb ?? []);
        w.OptionalText(state.Review);
        w.OptionalText(state.Intent?.Wave);
        w.Long(state.LaterTimes);
        w.Long(state.LaterStep);
        w.Bool(state.Acted);
        w.Bool(state.MayLandLate);
        w.Long(state.ClaimWaits);
        return w.Finish();
    }

    public static RunState Decode(ReadOnlySpan<byte> bytes)
    {
        var r = new ValueReader(bytes);
        var version = r.Byte();
        if (version is < Oldest or > Version) throw new FormatException("The run was stored by another version.");
        var runId = r.Text();
        var eventId = r.Long();
        var hash = r.Text();
        var trigger = r.Text();
        var counter = (int)r.Long();
        var slots = new object?[r.Count()];
        for (var i = 0; i < slots.Length; i++) slots[i] = r.ValueOr(slots.AsSpan(0, i));
        var loops = new List<LoopFrame>();
        for (var n = r.Count(); n > 0; n--)
        {
            var begin = (int)r.Long();
            var items = (IReadOnlyList<object?>?)r.Value() ?? [];
            var index = (int)r.Long();
            var outputs = new List<object?>((IReadOnlyList<object?>?)r.Value() ?? []);
            loops.Add(new LoopFrame { Begin = begin, Items = items, Index = index, Outputs = outputs, Handlers = (int)r.Long() });
        }

        var handlers = new List<HandlerFrame>();
        for (var n = r.Count(); n > 0; n--)
        {
            handlers.Add(new HandlerFrame { Step = (int)r.Long(), Case = (int)r.Long(), Loops = (int)r.Long(), Error = Error(ref r) });
        }

        var stepAttempts = (int)r.Long();
        var stepWaits = (int)r.Long();
        var again = (int)r.Long();
        var rounds = (int)r.Long();
        var owned = r.Texts();
        var later = r.OptionalTime();
        var intent = r.Bool() ? Intent(ref r) : null;
        var itemsDone = (int)r.Long();
        var attempts = r.Texts();
        var effects = new List<EffectRow>();
        for (var n = r.Count(); n > 0; n--) effects.Add(Effect(ref r));
        var notes = new List<byte[]>();
        for (var n = r.Count(); n > 0; n--) notes.Add(r.Bytes());
        var echo = new List<(string Path, string Hash)>();
        for (var n = r.Count(); n > 0; n--) echo.Add((r.Text(), r.Text()));
        var priority = (CallPriority)r.Long();
        var state = new RunState
        {
            RunId = runId, EventId = eventId, FlowHash = hash, Trigger = trigger, Slots = slots, AcceptedAt = r.Time(), StartedAt = r.Time(),
            Counter = counter, StepAttempts = stepAttempts, StepWaits = stepWaits, AgainCase = again, MatchRounds = rounds, LaterSince = later, LaterStep = counter,
            Intent = intent, ItemsDone = itemsDone, Priority = priority,
        };
        if (version >= 2)
        {
            state.WaitsUntil = r.OptionalTime();
            var absorb = r.Texts();
            if (absorb.Count > 0 && state.Intent is { } merging) state.Intent = merging.With(absorb);
        }

        if (version >= 3) state.Review = r.OptionalText();
        if (version >= 4 && r.OptionalText() is { } wave && state.Intent is { } waiting) waiting.Wave = wave;
        if (version >= 5) (state.LaterTimes, state.LaterStep, state.Acted) = ((int)r.Long(), (int)r.Long(), r.Bool());
        else state.Acted = true;
        if (version >= 6) (state.MayLandLate, state.ClaimWaits) = (r.Bool(), (int)r.Long());
        state.Loops.AddRange(loops);
        state.Handlers.AddRange(handlers);
        state.Owned.AddRange(owned);
        state.Attempts.AddRange(attempts);
        state.Effects.AddRange(effects);
        state.Notes.AddRange(notes);
        foreach (var (path, written) in echo) state.Echo[path] = written;
        return state;
    }

    /// <summary>The slot that holds the same record already (the trigger's record is the input as it is); -1 = none.</summary>
    private static int Earlier(object?[] slots, int at)
    {
        if (slots[at] is not IReadOnlyDictionary<string, object?> || at is Slots.Params or Slots.Tables) return -1;
        for (var i = 0; i < at; i++)
        {
            if (ReferenceEquals(slots[i], slots[at]) && i is not (Slots.Params or Slots.Tables)) return i;
        }

        return -1;
    }

    private static void Error(ValueWriter w, OperationError error)
    {
        w.Long((long)error.Kind);
        w.Text(error.Code);
        w.Text(error.Message);
        w.Texts(error.Fields);
        w.Texts(error.RecordIds);
        w.Bool(error.NotExecuted);
    }

    private static OperationError Error(ref ValueReader r)
    {
        var error = new OperationError((ErrorKind)r.Long(), r.Text(), r.Text());
        return error with { Fields = r.Texts(), RecordIds = r.Texts(), NotExecuted = r.Bool() };
    }

    private static void Intent(ValueWriter w, PendingIntent intent)
    {
        w.Long((long)intent.Kind);
        w.Text(intent.Connection);
        w.Text(intent.Entity);
        w.OptionalText(intent.RecordId);
        w.OptionalText(intent.KeyField);
        w.Value(intent.Key);
        w.Long(intent.Lookup.Count);
        foreach (var term in intent.Lookup)
        {
            w.Texts(term.Paths);
            w.Value(term.Value);
        }

        w.Record(intent.Fields);
        w.Long(intent.Options.Count);
        foreach (var (name, value) in intent.Options)
        {
            w.Text(name);
            w.Text(value);
        }

        w.Long(intent.Claims.Count);
        foreach (var claim in intent.Claims)
        {
            w.Text(claim.Workspace);
            w.Text(claim.Realm);
            w.Text(claim.Entity);
            w.Text(claim.Kind);
            w.Text(claim.KeyHash);
        }

        w.Bool(intent.FirstStays);
        w.Bool(intent.Created);
        w.Value(intent.Before);
        w.Time(intent.At);
        w.Bool(intent.Unknown);
        w.Long(intent.Lookups);
        w.Bool(intent.Repeatable);
    }

    private static PendingIntent Intent(ref ValueReader r)
    {
        var kind = (IntentKind)r.Long();
        var connection = r.Text();
        var entity = r.Text();
        var recordId = r.OptionalText();
        var keyField = r.OptionalText();
        var key = r.Value();
        var lookup = new List<LookupTerm>();
        for (var n = r.Count(); n > 0; n--) lookup.Add(new LookupTerm(r.Texts(), r.Value() ?? ""));
        var fields = r.Record();
        var options = new Dictionary<string, string>();
        for (var n = r.Count(); n > 0; n--)
        {
            var name = r.Text();
            options[name] = r.Text();
        }

        var claims = new List<LinkKey>();
        for (var n = r.Count(); n > 0; n--) claims.Add(new LinkKey(r.Text(), r.Text(), r.Text(), r.Text(), r.Text()));
        return new PendingIntent
        {
            Kind = kind, Connection = connection, Entity = entity, RecordId = recordId, KeyField = keyField, Key = key, Lookup = lookup, Fields = fields,
            Options = options, Claims = claims, FirstStays = r.Bool(), Created = r.Bool(), Before = (IReadOnlyDictionary<string, object?>?)r.Value(), At = r.Time(),
            Unknown = r.Bool(), Lookups = (int)r.Long(), Repeatable = r.Bool(),
        };
    }

    private static void Effect(ValueWriter w, EffectRow effect)
    {
        w.Text(effect.Workspace);
        w.Text(effect.Realm);
        w.Text(effect.Entity);
        w.Text(effect.RecordId);
        w.Text(effect.RunId);
        w.Text(effect.Step);
        w.Text(effect.Verb);
        w.Texts(effect.Fields);
        w.Time(effect.At);
    }

    private static EffectRow Effect(ref ValueReader r) => new()
    {
        Workspace = r.Text(), Realm = r.Text(), Entity = r.Text(), RecordId = r.Text(), RunId = r.Text(), Step = r.Text(), Verb = r.Text(), Fields = r.Texts(), At = r.Time(),
    };
}

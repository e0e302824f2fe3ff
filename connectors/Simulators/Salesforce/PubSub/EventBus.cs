using System.Buffers.Binary;
using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.PubSub;

/// <summary>One event as it is kept for subscribers.</summary>
internal sealed record KeptEvent(long Replay, string Entity, string SchemaId, byte[] Payload, DateTimeOffset At)
{
    public byte[] ReplayId => EventBus.Bytes(Replay);
}

/// <summary>Makes change events of what calls have changed, and keeps them for three days. Used under the simulator's gate.</summary>
internal sealed class EventBus(OrgState state, TimeProvider clock, SimulatorOptions options)
{
    private static readonly TimeSpan Retention = TimeSpan.FromHours(72);
    private const int LargestEvent = 1_000_000;

    private readonly List<KeptEvent> _events = [];
    private readonly Dictionary<string, EventSchema> _schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectDefinition, (DateTimeOffset ChangedAt, int Fields, EventSchema Schema)> _current = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last = 1_000;
    private long _expired = 999;
    private long _transactions;

    /// <summary>The API and client behind the call that runs; empty for changes made by people.</summary>
    public string Origin { get; set; } = "";

    /// <summary>Completes when the next event is kept.</summary>
    public Task Changed => _changed.Task;

    public long Last => _last;

    public static byte[] Bytes(long replay)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, replay);
        return bytes;
    }

    public void Clear()
    {
        _events.Clear();
        // Old ids mean nothing any more.
        _expired = _last += 1_000;
    }

    public EventSchema? Schema(string id) => _schemas.GetValueOrDefault(id);

    public EventSchema SchemaOf(ObjectDefinition definition)
    {
        if (!_current.TryGetValue(definition, out var known) || known.ChangedAt != definition.ChangedAt || known.Fields != definition.Fields.Count)
        {
            var schema = new EventSchema(definition);
            _current[definition] = known = (definition.ChangedAt, definition.Fields.Count, schema);
            _schemas[schema.Id] = schema;
        }

        return known.Schema;
    }

    /// <summary>The object of a topic; null in <paramref name="definition"/> for the topic of all objects. False when there is no such topic.</summary>
    public bool TryTopic(string topic, out ObjectDefinition? definition)
    {
        definition = state.Schema.Objects.FirstOrDefault(o => !o.Setup && topic == $"/data/{EventSchema.EventName(o)}");
        return definition is not null || topic == "/data/ChangeEvents";
    }

    /// <summary>Whether a subscription can begin behind this id.</summary>
    public bool Knows(ReadOnlySpan<byte> replayId, out long replay)
    {
        Expire();
        replay = replayId.Length == 8 ? BinaryPrimitives.ReadInt64BigEndian(replayId) : -1;
        return replay > _expired - 1 && replay <= _last;
    }

    public long Earliest()
    {
        Expire();
        return _expired;
    }

    public IReadOnlyList<KeptEvent> After(long replay, string? entity, int most)
    {
        Expire();
        // Ids only grow: the first one behind the place is found by halving.
        var (from, to) = (0, _events.Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = _events[middle].Replay > replay ? (from, middle) : (middle + 1, to);
        }

        List<KeptEvent> found = [];
        for (; from < _events.Count && found.Count < most; from++)
        {
            if (entity is null || _events[from].Entity == entity)
            {
                found.Add(_events[from]);
            }
        }

        return found;
    }

    /// <summary>Makes the events of one call's changes.</summary>
    public void Publish(IReadOnlyList<RecordChange> changes)
    {
        var records = changes.Where(c => !c.Record.Definition.Setup && c.Record.Definition.Name is not ("Organization" or "User")).GroupBy(c => c.Record).ToList();
        if (records.Count == 0)
        {
            return;
        }

        var transaction = $"{++_transactions:x8}-0000-4000-8000-000000000000";
        var sequence = 0;
        if (records.Count > options.MostChangeEvents)
        {
            foreach (var entity in records.Select(r => r.Key.Definition).Distinct())
            {
                Keep(entity, Head([RecordId.Make(entity.KeyPrefix, 0)], "GAP_OVERFLOW"), new Dictionary<string, object?>(), null);
            }
        }
        else
        {
            foreach (var record in records)
            {
                One(record.Key, [.. record]);
            }
        }

        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        EventHead Head(IReadOnlyList<string> ids, string type) => new(ids, type, Origin, transaction, ++sequence, clock.GetUtcNow(), _last + 1, state.IntegrationUser);

        // Several changes of one record in one transaction are one event of the first kind with the final values.
        void One(OrgRecord record, RecordChange[] steps)
        {
            var first = steps[0].Kind;
            if (first == ChangeKind.Create && record.IsDeleted)
            {
                return;
            }

            var kind = record.IsDeleted && first != ChangeKind.Delete ? ChangeKind.Delete : first;
            if (kind is ChangeKind.Delete && !record.IsDeleted)
            {
                return;
            }

            if (kind != ChangeKind.Update)
            {
                Keep(record.Definition, Head([record.Id], kind.ToString().ToUpperInvariant()), kind == ChangeKind.Delete ? new Dictionary<string, object?>() : record.Values, null);
                return;
            }

            var before = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach (var (name, value) in steps.SelectMany(s => s.Before))
            {
                before.TryAdd(name, value);
            }

            var changed = before.Where(b => !Equals(b.Value, record.Values.GetValueOrDefault(b.Key))).Select(b => b.Key).ToHashSet(StringComparer.Ordinal);
            if (changed.Any(c => c is not ("LastModifiedDate" or "LastModifiedById" or "SystemModstamp")))
            {
                changed.Add("LastModifiedDate");
                Keep(record.Definition, Head([record.Id], "UPDATE"), record.Values, changed);
            }
        }
    }

    /// <summary>An event that only says that something was missed; for tests of subscribers.</summary>
    public void Gap(ObjectDefinition definition, string changeType, IReadOnlyList<string> ids)
    {
        Keep(definition, new EventHead(ids, changeType, "", $"{++_transactions:x8}-0000-4000-8000-000000000000", 1, clock.GetUtcNow(), _last + 1, state.IntegrationUser), new Dictionary<string, object?>(), null);
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void Keep(ObjectDefinition definition, EventHead head, IReadOnlyDictionary<string, object?> values, IReadOnlyCollection<string>? changed)
    {
        var schema = SchemaOf(definition);
        var payload = EventEncoder.Write(schema, head, values, changed);
        if (payload.Length > LargestEvent)
        {
            payload = EventEncoder.Write(schema, head with { ChangeType = "GAP_" + head.ChangeType }, new Dictionary<string, object?>(), null);
        }

        // Ids grow, but not by one.
        _last += 1 + (_last % 3);
        _events.Add(new KeptEvent(_last, definition.Name, schema.Id, payload, clock.GetUtcNow()));
    }

    private void Expire()
    {
        var oldest = clock.GetUtcNow() - Retention;
        var gone = _events.FindIndex(e => e.At > oldest) is var i && i < 0 ? _events.Count : i;
        if (gone > 0)
        {
            _expired = _events[gone - 1].Replay;
            _events.RemoveRange(0, gone);
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>A vendor in memory: records with unique keys, searches that show new records late, faults on demand or by seed. Outlives the processes that call it.</summary>
public sealed class FakeVendor(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FakeEntity> _entities = [];
    private readonly Queue<FakeFault> _next = new();
    private readonly Dictionary<FakeProcess, List<DateTimeOffset>> _came = [];
    private int _lastId;
    private long _version;

    /// <summary>How long a new record is not shown by searches other than by id.</summary>
    public TimeSpan Lateness { get; set; }

    /// <summary>A new record is not shown by its id either.</summary>
    public bool HidesById { get; set; }

    /// <summary>What a create makes besides: entity and fields, given the new record's entity, id and fields; shown as late as the record itself.</summary>
    public Func<string, string, IReadOnlyDictionary<string, object?>, (string Entity, Dictionary<string, object?> Fields)?>? CreatesBesides { get; set; }

    /// <summary>Decides the fault of a call; null = the queue of <see cref="Fail"/> only.</summary>
    public Func<string, string, FakeFault>? Faults { get; set; }

    /// <summary>Refuses a record with a message; null = takes it.</summary>
    public Func<string, IReadOnlyDictionary<string, object?>, string?>? Refuses { get; set; }

    /// <summary>Called with every call before it is done; a returned task delays it.</summary>
    public Func<string, string, Task>? Before { get; set; }

    /// <summary>Every call: what, entity, rows.</summary>
    public List<(string What, string Entity, int Rows)> Calls { get; } = [];

    /// <summary>Fields that each question asked for.</summary>
    public ConcurrentQueue<(string Entity, IReadOnlyList<string> Fields)> Asked { get; } = new();

    /// <summary>Operations that were done, with what they were given.</summary>
    public ConcurrentQueue<(string Operation, IReadOnlyDictionary<string, object?> With)> Called { get; } = new();

    /// <summary>What an operation does and gives; null = it gives back what it was given.</summary>
    public Func<string, IReadOnlyDictionary<string, object?>, IReadOnlyDictionary<string, object?>>? Does { get; set; }

    /// <summary>Pages a backfill's feed gives, in order; without one the vendor says to come later.</summary>
    public ConcurrentQueue<SourcePage> Past { get; } = new();

    /// <summary>Its jobs; outlive the processes that made them.</summary>
    public FakeJobs Jobs { get; } = new(time);

    /// <summary>Named operations the vendor's connector tells of.</summary>
    public IReadOnlyList<OperationDescriptor> Operations { get; set; } = [];

    public IReadOnlyCollection<FakeEntity> Entities => _entities.Values;

    public FakeEntity Add(EntityDescriptor entity) => _entities[entity.Name] = new FakeEntity(entity);

    /// <summary>The next calls fail so, in order.</summary>
    public void Fail(params FakeFault[] faults)
    {
        lock (_gate)
        {
            foreach (var fault in faults) _next.Enqueue(fault);
        }
    }

    /// <summary>Copies of all records of an entity.</summary>
    public List<Dictionary<string, object?>> All(string entity)
    {
        lock (_gate) return [.. _entities[entity].Records.Values.Select(r => View(r))];
    }

    /// <summary>Writes a record as a person would.</summary>
    public string Put(string entity, string? id, params (string Field, object? Value)[] fields)
    {
        lock (_gate)
        {
            var records = _entities[entity].Records;
            id ??= (++_lastId).ToString("D8", CultureInfo.InvariantCulture);
            if (!records.TryGetValue(id, out var record)) records[id] = record = new FakeRecord { Id = id };
            foreach (var (field, value) in fields) record.Fields[field] = value;
            record.Version = ++_version;
            return id;
        }
    }

    public string Version(string entity, string id)
    {
        lock (_gate) return Stamp(_entities[entity].Records[id]);
    }

    public void Remove(string entity, string id)
    {
        lock (_gate) _entities[entity].Records.Remove(id);
    }

    /// <summary>Deletes a record as a person would: it can be restored.</summary>
    public void Bin(string entity, string id)
    {
        lock (_gate)
        {
            if (_entities[entity].Records.Remove(id, out var record)) _entities[entity].Bin[id] = record;
        }
    }

    /// <summary>By process: when it first asked its budget for a call, then when its calls came.</summary>
    public IReadOnlyList<IReadOnlyList<DateTimeOffset>> CallTimes
    {
        get
        {
            lock (_gate) return [.. _came.Values.Select(times => times.ToArray())];
        }
    }

    internal void AskedBudget(FakeProcess process)
    {
        lock (_gate) _came.TryAdd(process, [time.GetUtcNow()]);
    }

    internal void Came(FakeProcess process)
    {
        lock (_gate) _came[process].Add(time.GetUtcNow());
    }

    internal OperationError? Enter(string what, string entity, int rows, out FakeFault fault)
    {
        lock (_gate)
        {
            Calls.Add((what, entity, rows));
            fault = _next.Count > 0 ? _next.Dequeue() : Faults?.Invoke(what, entity) ?? FakeFault.None;
        }

        return fault switch
        {
            FakeFault.RateLimited => new OperationError(ErrorKind.RateLimited, "429", "Too many requests.") { RetryAfter = TimeSpan.FromSeconds(30), NotExecuted = true },
            FakeFault.Unavailable => new OperationError(ErrorKind.BatchScoped, "503", "Service unavailable.") { NotExecuted = true },
            FakeFault.Broken => new OperationError(ErrorKind.BatchScoped, "500", "Internal server error."),
            FakeFault.Locked => new OperationError(ErrorKind.BatchScoped, "UNABLE_TO_LOCK_ROW", "A row is locked.") { NotExecuted = true },
            FakeFault.Misconfigured => new OperationError(ErrorKind.Misconfigured, "INVALID_FIELD", "No such column.") { NotExecuted = true },
            FakeFault.UsedUp => new OperationError(ErrorKind.Quota, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.") { RetryAfter = TimeSpan.FromMinutes(40), NotExecuted = true },
            FakeFault.Unauthorized => new OperationError(ErrorKind.Authentication, "401", "Session expired.") { NotExecuted = true },
            FakeFault.LostBefore => new OperationError(what == "read" ? ErrorKind.BatchScoped : ErrorKind.UnknownOutcome, "timeout", "No answer."),
            _ => null,
        };
    }

    /// <summary>Gives the fields that were asked for and no other, as vendors with a query language do.</summary>
    internal ReadRows Read(string entity, IReadOnlyList<string> fields, Condition condition, int cap, bool deleted)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var descriptor = _entities[entity].Descriptor;
            var byId = !HidesById && condition is FieldCondition { Operator: Comparison.In } field && field.Path == descriptor.IdField;
            var rows = new List<IReadOnlyDictionary<string, object?>>();
            foreach (var record in deleted ? _entities[entity].Bin.Values : _entities[entity].Records.Values)
            {
                if (!byId && record.VisibleAt > now) continue;
                var view = View(record);
                if (ConditionTest.Holds(condition, descriptor, view)) rows.Add(Only(view, fields));
            }

            return rows.Count > cap ? new ReadRows(rows.GetRange(0, cap), true) : new ReadRows(rows);
        }
    }

    internal Outcome<WriteResult> Write(string entity, WriteVerb verb, string? keyField, WriteItem item)
    {
        lock (_gate)
        {
            var records = _entities[entity].Records;
            if (Refuses?.Invoke(entity, item.Fields) is { } words) return new OperationError(ErrorKind.Rejected, "FIELD_CUSTOM_VALIDATION_EXCEPTION", words);
            FakeRecord? target = null;
            if (verb == WriteVerb.Upsert)
            {
                var key = FieldValues.AsText(item.Key!);
                target = records.Values.FirstOrDefault(r => r.Fields.GetValueOrDefault(keyField!) as string == key);
            }
            else if (verb == WriteVerb.Restore)
            {
                if (_entities[entity].Bin.Remove(item.Id!, out var back)) records[item.Id!] = back;
                return records.ContainsKey(item.Id!) ? new WriteResult(item.Id!, false) : new OperationError(ErrorKind.Rejected, "NOT_FOUND", $"{item.Id} is gone.");
            }
            else if (verb != WriteVerb.Create && !records.TryGetValue(item.Id!, out target))
            {
                return new OperationError(ErrorKind.Rejected, "NOT_FOUND", $"{item.Id} is gone.");
            }

            if (verb == WriteVerb.Delete)
            {
                records.Remove(item.Id!);
                return new WriteResult(item.Id!, false);
            }

            if (verb == WriteVerb.Merge)
            {
                foreach (var gone in item.Absorb) Absorb(records, gone, item.Id!);
            }

            if (target is not null && _entities[entity].Descriptor.Fields.FirstOrDefault(f => !f.Updatable && f.Creatable && item.Fields.ContainsKey(f.Name)) is { } fix)
            {
                return new OperationError(ErrorKind.Misconfigured, "INVALID_FIELD_FOR_INSERT_UPDATE", $"Unable to create/update fields: {fix.Name}. Please check the security settings of this field.") { NotExecuted = true };
            }

            foreach (var field in _entities[entity].Descriptor.Fields)
            {
                if (!field.Unique || item.Fields.GetValueOrDefault(field.Name) is not string value) continue;
                if (records.Values.FirstOrDefault(r => r.Id != target?.Id && r.Fields.GetValueOrDefault(field.Name) as string == value) is not { } other) continue;
                return new OperationError(ErrorKind.Conflict, "DUPLICATE_VALUE", $"{field.Name} is taken by {other.Id}.") { RecordIds = [other.Id], NotExecuted = true };
            }

            var fields = new Dictionary<string, object?>(item.Fields);
            foreach (var (path, value) in item.Fields)
            {
                if (value is not ParentReference parent) continue;
                var found = _entities[parent.Entity].Records.Values.FirstOrDefault(r => Equals(r.Fields.GetValueOrDefault(parent.By), parent.Value));
                if (found is null) return new OperationError(ErrorKind.Rejected, "PARENT_NOT_FOUND", $"No {parent.Entity} has {parent.By} {parent.Value}.") { NotExecuted = true };
                fields[path] = found.Id;
            }

            var created = target is null;
            if (target is null)
            {
                var id = (++_lastId).ToString("D8", CultureInfo.InvariantCulture);
                records[id] = target = new FakeRecord { Id = id, VisibleAt = time.GetUtcNow() + Lateness };
            }

            foreach (var (path, value) in fields) target.Fields[path] = value;
            if (keyField is not null) target.Fields[keyField] = FieldValues.AsText(item.Key!);
            target.Version = ++_version;
            if (created && CreatesBesides?.Invoke(entity, target.Id, target.Fields) is { } child)
            {
                var id = (++_lastId).ToString("D8", CultureInfo.InvariantCulture);
                _entities[child.Entity].Records[id] = new FakeRecord { Id = id, VisibleAt = target.VisibleAt, Fields = child.Fields, Version = ++_version };
            }

            return new WriteResult(target.Id, created);
        }
    }

    /// <summary>The record is gone and its children are the survivor's; done already, nothing happens.</summary>
    private void Absorb(Dictionary<string, FakeRecord> records, string gone, string survivor)
    {
        if (!records.Remove(gone)) return;
        foreach (var record in _entities.Values.SelectMany(e => e.Records.Values))
        {
            foreach (var field in record.Fields.Where(f => Equals(f.Value, gone)).Select(f => f.Key).ToList()) record.Fields[field] = survivor;
        }
    }

    /// <summary>The fields that were asked for; in the record's own order, however it is read, as its content is compared.</summary>
    internal static Dictionary<string, object?> Only(Dictionary<string, object?> view, IReadOnlyList<string> fields)
    {
        var asked = new Dictionary<string, object?>(fields.Count);
        foreach (var (field, value) in view)
        {
            if (fields.Contains(field)) asked[field] = value;
        }

        return asked;
    }

    private static Dictionary<string, object?> View(FakeRecord record) => new(record.Fields) { ["id"] = record.Id, ["version"] = Stamp(record) };

    private static string Stamp(FakeRecord record) => record.Version.ToString("D10", CultureInfo.InvariantCulture);
}


namespace WorkflowEngine.Runtime;

/// <summary>What an intent does.</summary>
public enum IntentKind
{
    Create = 0,
    Update = 1,
    Upsert = 2,
    Delete = 3,
    Call = 4,
    Merge = 5,
    Restore = 6,
}

/// <summary>An effect about to leave, durable before it does. After a crash it is repeated or looked up, and its output is rebuilt from here, never recomputed.</summary>
public sealed class PendingIntent
{
    public required IntentKind Kind { get; init; }

    /// <summary>The logical connection.</summary>
    public required string Connection { get; init; }

    /// <summary>The entity, or the operation's name.</summary>
    public required string Entity { get; init; }

    /// <summary>For update and delete; for a merge the survivor.</summary>
    public string? RecordId { get; init; }

    /// <summary>For a merge: the records that go up in the survivor.</summary>
    public IReadOnlyList<string> Absorb { get; init; } = [];

    /// <summary>For a merge: why they are the same, in words. Not stored: it is told before the effect leaves.</summary>
    public string? Because { get; init; }

    /// <summary>For an upsert: the vendor-unique field and its value.</summary>
    public string? KeyField { get; init; }

    public object? Key { get; init; }

    /// <summary>For a create without a vendor key: the field the vendor is asked by when the answer is lost.</summary>
    public IReadOnlyList<LookupTerm> Lookup { get; init; } = [];

    public required IReadOnlyDictionary<string, object?> Fields { get; init; }

    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Claims taken with it; the first is the first rule's.</summary>
    public IReadOnlyList<LinkKey> Claims { get; init; } = [];

    /// <summary>The first claim is the first rule's: its link stays for good.</summary>
    public bool FirstStays { get; init; }

    /// <summary>The rules found nothing: the record is new whatever a repeated call answers.</summary>
    public bool Created { get; init; }

    /// <summary>The record as read before, for the output; null for a create.</summary>
    public IReadOnlyDictionary<string, object?>? Before { get; init; }

    public required DateTimeOffset At { get; set; }

    /// <summary>The answer is unknown: it is looked up or repeated.</summary>
    public bool Unknown { get; set; }

    /// <summary>Lookups that found nothing.</summary>
    public int Lookups { get; set; }

    /// <summary>The record's key beside its id, where the first rule found it by one; two writes of one record never fly at once, whatever they call it.</summary>
    public string? Alias { get; init; }

    /// <summary>The wave whose job takes it to the vendor; null = a call of its own.</summary>
    public string? Wave { get; set; }

    /// <summary>Others may have written the record while the vendor was at this: it is looked at once more. Not kept: it is decided when the answer comes.</summary>
    public bool IsLate { get; set; }

    /// <summary>May be repeated without harm.</summary>
    public bool Repeatable { get; init; }

    /// <summary>The same intent as a merge of these records.</summary>
    public PendingIntent With(IReadOnlyList<string> absorb) => new()
    {
        Kind = Kind, Connection = Connection, Entity = Entity, RecordId = RecordId, Absorb = absorb, Because = Because, KeyField = KeyField, Key = Key, Lookup = Lookup, Fields = Fields, Options = Options,
        Claims = Claims, FirstStays = FirstStays, Created = Created, Before = Before, At = At, Unknown = Unknown, Lookups = Lookups, Repeatable = Repeatable, Wave = Wave, Alias = Alias,
    };
}

/// <summary>A field and the value under which a created record is looked up.</summary>
public sealed record LookupTerm(IReadOnlyList<string> Paths, object Value);

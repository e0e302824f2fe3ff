using System.Text.Json;

namespace WorkflowEngine.ServiceTitan;

/// <summary>The <c>wire</c> part of an entity's catalogue file: where and how ServiceTitan is asked for it.</summary>
internal sealed record EntityWire
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    /// <summary>The list's path, with <c>{tenant}</c> and, for children, the parent's field in braces.</summary>
    public string Path { get; init; } = "";

    /// <summary><c>GET path/{id}</c> exists.</summary>
    public bool Get { get; init; }

    /// <summary>The parameter that takes up to 50 ids; null when there is none.</summary>
    public string? Ids { get; init; }

    /// <summary>The parameter that shows inactive rows: <c>active</c> or <c>activeState</c>; null when nothing is hidden.</summary>
    public string? Active { get; init; }

    /// <summary>External data can be read and written; where <see cref="Filters"/> has none of it, it cannot be searched.</summary>
    public bool External { get; init; }

    /// <summary><c>GET path/{id}</c> also takes the application's GUID.</summary>
    public bool GetExternal { get; init; }

    /// <summary>A short list that is always read whole.</summary>
    public bool Whole { get; init; }

    /// <summary>Our names of the fields it can be sorted by.</summary>
    public IReadOnlyList<string> Sort { get; init; } = [];

    /// <summary>The field that names the parent, for children read below it.</summary>
    public string? Parent { get; init; }

    /// <summary>Where the children of one parent are listed and written, with the parent's field in braces; null when there is no such path.</summary>
    public string? Below { get; init; }

    /// <summary>The list inside the parent's record that holds the children.</summary>
    public string? Within { get; init; }

    /// <summary>What the id is made of where the vendor has none; the first form whose parts are filled counts.</summary>
    public IReadOnlyList<string> Id { get; init; } = [];

    /// <summary>Where the custom field types are listed; null when their values cannot be written.</summary>
    public string? CustomTypes { get; init; }

    /// <summary>How a record is made; null = POST to <see cref="Path"/>.</summary>
    public WriteWire? Create { get; init; }

    /// <summary>How a record is changed; null = PATCH of <see cref="Path"/> and the id.</summary>
    public WriteWire? Update { get; init; }

    /// <summary>Where named custom fields are written when the record's own body takes none: invoices and payments.</summary>
    public string? NamedFields { get; init; }

    /// <summary>Days that go out as days where all others go out as midnights.</summary>
    public IReadOnlyList<string> PlainDates { get; init; } = [];

    /// <summary>Records are merged: <c>mergedToId</c> leads to <c>survivorId</c>, which the vendor does not know.</summary>
    public bool Survivor { get; init; }

    /// <summary>Parameters that go with every list.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Filters by our path.</summary>
    public IReadOnlyDictionary<string, FilterWire> Filters { get; init; } = new Dictionary<string, FilterWire>();

    /// <summary>Feeds by name.</summary>
    public IReadOnlyDictionary<string, FeedWire> Feeds { get; init; } = new Dictionary<string, FeedWire>();

    public static EntityWire Of(JsonElement json) => json.Deserialize<EntityWire>(Form)!;
}

/// <summary>How one field is filtered.</summary>
internal sealed record FilterWire
{
    /// <summary>Parameter for one value.</summary>
    public string? Eq { get; init; }

    /// <summary>Parameter for up to 50 values with commas.</summary>
    public string? Many { get; init; }

    /// <summary>Several values repeat the parameter instead; only one is sent by us.</summary>
    public bool Repeat { get; init; }

    /// <summary>ServiceTitan compares loosely (contains, any case): the exact comparison is ours.</summary>
    public bool Loose { get; init; }

    /// <summary>What is compared is not in the row.</summary>
    public bool Hidden { get; init; }

    public string? Gt { get; init; }

    public string? Gte { get; init; }

    public string? Lt { get; init; }

    public string? Lte { get; init; }
}

/// <summary>How one write goes out where that is not the usual way.</summary>
internal sealed record WriteWire
{
    /// <summary>With fields, settings and <c>{id}</c> in braces; fields named there do not go into the body.</summary>
    public string? Path { get; init; }

    /// <summary>What comes back: <c>record</c>, <c>id</c> (an object with an id), or <c>nothing</c>.</summary>
    public string Answers { get; init; } = "record";
}

/// <summary>How a named operation goes out.</summary>
internal sealed record OperationWire
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    public string Verb { get; init; } = "PUT";

    /// <summary>With inputs and settings in braces; inputs named there do not go into the body.</summary>
    public string Path { get; init; } = "";

    /// <summary>Other names of inputs in the body.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>No body goes out.</summary>
    public bool Empty { get; init; }

    /// <summary>Of a repeatable operation that the vendor refuses when it was done already: the entity and what it then shows.</summary>
    public DoneWire? Done { get; init; }

    public static OperationWire Of(JsonElement json) => json.Deserialize<OperationWire>(Form)!;
}

/// <summary>How to see that an operation was done before.</summary>
internal sealed record DoneWire
{
    public string Entity { get; init; } = "";

    public IReadOnlyDictionary<string, JsonElement> Shows { get; init; } = new Dictionary<string, JsonElement>();
}

/// <summary>One feed.</summary>
internal sealed record FeedWire
{
    /// <summary>The export's path; null for a poll of the list.</summary>
    public string? Path { get; init; }

    /// <summary>Its rows are whole records.</summary>
    public bool Full { get; init; }

    /// <summary>For a child's feed: the field that names the record it hints at.</summary>
    public string? Record { get; init; }

    /// <summary>No export: the list is polled by modification time.</summary>
    public bool Poll { get; init; }
}

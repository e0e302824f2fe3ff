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

    /// <summary>External data can be read, written and searched.</summary>
    public bool External { get; init; }

    /// <summary>A short list that is always read whole.</summary>
    public bool Whole { get; init; }

    /// <summary>Our names of the fields it can be sorted by.</summary>
    public IReadOnlyList<string> Sort { get; init; } = [];

    /// <summary>The field that names the parent, for children read below it.</summary>
    public string? Parent { get; init; }

    /// <summary>The list inside the parent's record that holds the children.</summary>
    public string? Within { get; init; }

    /// <summary>What the id is made of where the vendor has none; the first form whose parts are filled counts.</summary>
    public IReadOnlyList<string> Id { get; init; } = [];

    /// <summary>Where the custom field types are listed; null when their values cannot be written.</summary>
    public string? CustomTypes { get; init; }

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

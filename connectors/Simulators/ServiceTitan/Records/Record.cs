namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>A record of one of the kinds that need no class of their own. Values are <c>long</c>, <c>decimal</c>, <c>double</c>, <c>string</c>, <c>bool</c>, <c>DateTimeOffset</c>, lists and dictionaries of them.</summary>
internal sealed class Record : Row
{
    public required RecordKind Kind { get; init; }

    /// <summary>Changed through <see cref="RecordSet"/> alone, which keeps its indexes by them.</summary>
    public Dictionary<string, object?> Values { get; } = [];

    public SortedDictionary<long, string> CustomFields { get; } = [];

    public ExternalData ExternalData { get; } = new();

    public object? this[string name] => name switch
    {
        "id" => Id,
        "active" => Active,
        "createdOn" => CreatedOn,
        "modifiedOn" => ModifiedOn,
        _ => Values.GetValueOrDefault(name),
    };

    public long? Number(string name) => this[name] switch
    {
        long number => number,
        string text when long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    public string? Text(string name) => this[name] as string;

    public decimal Amount(string name) => this[name] is decimal amount ? amount : 0;

    public DateTimeOffset? Time(string name) => this[name] as DateTimeOffset?;

    public bool Flag(string name) => this[name] is true;

    public IReadOnlyList<long> Ids(string name) => this[name] is IEnumerable<object?> ids ? [.. ids.OfType<long>()] : [];
}

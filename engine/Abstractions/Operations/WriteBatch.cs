namespace WorkflowEngine.Abstractions;

/// <summary>Writes of one entity by several runs. One target identity appears once.</summary>
public sealed record WriteBatch
{
    /// <summary>The entity.</summary>
    public required string Entity { get; init; }

    /// <summary>What is done.</summary>
    public required WriteVerb Verb { get; init; }

    /// <summary>For an upsert: the vendor-unique external id field.</summary>
    public string? KeyField { get; init; }

    /// <summary>The rows.</summary>
    public required IReadOnlyList<WriteItem> Items { get; init; }

    /// <summary>Options of the step by name; equal for all rows.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Who goes first when the budget is short.</summary>
    public CallPriority Priority { get; init; }

    /// <summary>Names of the steps that ask, for traces and tests; a connector decides nothing by them.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];
}

/// <summary>One row to write.</summary>
public sealed record WriteItem
{
    /// <summary>The record's id, for update and delete; the survivor's for merge.</summary>
    public string? Id { get; init; }

    /// <summary>For merge: ids of the records that go up in the survivor.</summary>
    public IReadOnlyList<string> Absorb { get; init; } = [];

    /// <summary>For a merge: why they are the same, in words. For whoever shows the write; no vendor is told.</summary>
    public string? Because { get; init; }

    /// <summary>The key's value, for upsert.</summary>
    public object? Key { get; init; }

    /// <summary>Fields to set; null clears, a <see cref="ParentReference"/> names a parent by external id. Dotted paths (<c>external.x</c>, <c>address.zip</c>) are the connector's to fold.</summary>
    public required IReadOnlyDictionary<string, object?> Fields { get; init; }
}

/// <summary>Names a parent record by one of its external ids.</summary>
/// <param name="Entity">The parent's entity.</param>
/// <param name="By">Its external id field.</param>
/// <param name="Value">The value.</param>
public sealed record ParentReference(string Entity, string By, object Value);

/// <summary>What a write did.</summary>
/// <param name="Id">The record's id.</param>
/// <param name="Created">True when the record is new.</param>
/// <param name="Record">The record as the vendor answered it; null when it answers no record.</param>
public sealed record WriteResult(string Id, bool Created, IReadOnlyDictionary<string, object?>? Record = null);

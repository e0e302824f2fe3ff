using System.Collections.ObjectModel;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>What one run wants written.</summary>
public sealed record WriteAsk
{
    public required BoundConnection Connection { get; init; }

    public required string Entity { get; init; }

    public required WriteVerb Verb { get; init; }

    /// <summary>For an upsert: the vendor-unique field.</summary>
    public string? KeyField { get; init; }

    public required WriteItem Item { get; init; }

    public IReadOnlyDictionary<string, string> Options { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The options as one text, equal for equal options: rows that differ in it go into different calls.</summary>
    internal string OptionsText => Options.Count == 0 ? "" : string.Join(',', Options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value}"));

    /// <summary>What the write touches: <c>id:001…</c> or <c>key:Field=value</c>. One identity is in one flush and in one flight only; null for a create without a key.</summary>
    public string? Target { get; init; }

    /// <summary>Another identity of the same record, where it is known: its key beside its id.</summary>
    public string? Alias { get; init; }

    /// <summary>Parents the vendor locks meanwhile (<c>AccountId=001…</c>): rows of one parent go into one call or wait.</summary>
    public IReadOnlyList<string> LockParents { get; init; } = [];

    /// <summary>Checkpoint with the intent and claims: committed for all runs of the flush in one transaction before the call leaves. Null = the flow is restartable.</summary>
    public ChangeSet? Before { get; init; }

    public required CallPriority Priority { get; init; }

    /// <summary>The step that asks; null = none (a trigger reading its record).</summary>
    public string? Step { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}

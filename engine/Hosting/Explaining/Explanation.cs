using System.Text.Json;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>Why a field of a record holds what we wrote: one write of it.</summary>
public sealed record Explanation
{
    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }

    public required string Field { get; init; }

    /// <summary>What was written; null when retention has dropped the explanation. Sensitive values are hidden.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>created, updated, …</summary>
    public required string Verb { get; init; }

    public required RunRow Run { get; init; }

    public required string Step { get; init; }

    /// <summary>The flow file of the version that ran.</summary>
    public string? File { get; init; }

    public int? Line { get; init; }

    /// <summary>That line as its author wrote it.</summary>
    public string? Source { get; init; }

    /// <summary>The version its author wrote, and the flow.</summary>
    public string? FlowId { get; init; }

    /// <summary>What the run had read before: entity and ids by step.</summary>
    public required IReadOnlyList<ExplainedRead> Inputs { get; init; }
}

/// <summary>Records a step had read before the write.</summary>
public sealed record ExplainedRead(string Step, string Entity, int Rows, IReadOnlyList<string> Ids);

using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Testing;

/// <summary>A job of a fake vendor.</summary>
public sealed class FakeJob
{
    public required string Id { get; init; }

    public required string Entity { get; init; }

    public required WriteVerb Verb { get; init; }

    public BulkPhase Phase { get; set; } = BulkPhase.Open;

    /// <summary>Until when the vendor works at it.</summary>
    public DateTimeOffset DoneAt { get; set; }

    /// <summary>What became of its rows; a row without is one the vendor says nothing about.</summary>
    public List<(WriteItem Item, Outcome<WriteResult> Result)> Rows { get; } = [];
}

using System.Text.Json.Nodes;

namespace WorkflowEngine.FlowTesting;

/// <summary>A run as the journal tells it: what began it, what it read and wrote. Values of records are not in it; they are read again.</summary>
/// <param name="Id">The run.</param>
/// <param name="Flow">The flow's id.</param>
/// <param name="Trigger">The trigger's id.</param>
/// <param name="Record">The record whose change began it.</param>
/// <param name="At">When it began.</param>
/// <param name="Steps">Its steps, in order.</param>
public sealed record RecordedRun(string Id, string Flow, string Trigger, string? Record, DateTimeOffset At, IReadOnlyList<RecordedStep> Steps)
{
    /// <summary>What another flow or a person handed it; null for the change of a record.</summary>
    public JsonObject? Input { get; init; }

    /// <summary>What the deployment was told: parameters and tables by name; null = nothing.</summary>
    public JsonObject? Parameters { get; init; }

    /// <inheritdoc cref="Parameters"/>
    public JsonObject? Tables { get; init; }
}

/// <summary>What a step did.</summary>
/// <param name="Step">Its name.</param>
/// <param name="Entity">The entity read or written; null where there is none.</param>
/// <param name="Ids">The first ids read.</param>
/// <param name="Did"><c>created</c>, <c>updated</c>, <c>unchanged</c>, …; null for a read.</param>
/// <param name="Id">The record written.</param>
/// <param name="Fields">Names of the fields written.</param>
public sealed record RecordedStep(string Step, string? Entity, IReadOnlyList<string> Ids, string? Did, string? Id, IReadOnlyList<string> Fields);

/// <summary>Reads records as they are now: those of a logical connection's entity whose field has this value. Empty where there are none, or they cannot be asked for so.</summary>
public delegate Task<IReadOnlyList<JsonObject>> RecordedRecords(string connection, string entity, string field, string value, CancellationToken cancellationToken);

/// <summary>A test made from a run, or why there is none.</summary>
public sealed record RecordedTest
{
    /// <summary>Why no test could be made; null = there is one.</summary>
    public string? Problem { get; init; }

    /// <summary>The file of tests the test stands in.</summary>
    public string Path { get; init; } = "";

    /// <summary>That file with the test at its end.</summary>
    public string Content { get; init; } = "";

    /// <summary>The test alone.</summary>
    public string Test { get; init; } = "";

    /// <summary>What is different from the recorded run, and what a person should look at.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

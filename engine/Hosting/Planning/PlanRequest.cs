using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>What is to be planned.</summary>
public sealed record PlanRequest
{
    /// <summary>Most events of one plan.</summary>
    public const int MostEvents = 5_000;

    /// <summary>The deployment whose connections, parameters and tables hold.</summary>
    public required ActiveDeployment Deployment { get; init; }

    /// <summary>The flow that would run.</summary>
    public required CompiledFlow Flow { get; init; }

    public required IReadOnlyList<PlannedEvent> Events { get; init; }

    /// <summary>Shared with the plan it is compared with; null = it is not compared.</summary>
    public PlanMemory? Memory { get; init; }
}

/// <summary>One event: a record that is read now, or an input.</summary>
/// <param name="Name">For people: the record's id or the number of the input.</param>
/// <param name="Record">The record's id; null for an input.</param>
/// <param name="Input">The input, by the flow's types.</param>
public sealed record PlannedEvent(string Name, string? Record, IReadOnlyDictionary<string, object?>? Input);

/// <summary>What one event would do.</summary>
/// <param name="Event">The event.</param>
/// <param name="Outcome">How its run would end; <c>waiting</c> when it would wait for later.</param>
/// <param name="Text">Why.</param>
/// <param name="Effects">Writes in their order.</param>
public sealed record PlannedRun(string Event, string Outcome, string? Text, IReadOnlyList<PlannedEffect> Effects);

/// <summary>A write that would happen.</summary>
/// <param name="Step">The step; null when its run did not come to tell it.</param>
/// <param name="Verb">create, update, delete, merge or call.</param>
/// <param name="Realm">The org or tenant.</param>
/// <param name="Entity">The entity, or the operation of a call.</param>
/// <param name="Record">The record; <c>new:Entity:n</c> for one that would be made.</param>
/// <param name="Fields">The fields set. A value that begins with <c>new:</c> is known after apply.</param>
/// <param name="Merge">For a merge: what goes up in the record, why, and which value each field keeps.</param>
public sealed record PlannedEffect(string? Step, string Verb, string Realm, string Entity, string Record, IReadOnlyList<PlannedField> Fields, PlannedMerge? Merge);

namespace WorkflowEngine.Hosting;

/// <summary>A write that would happen.</summary>
/// <param name="Step">The step that would write; null when rows of several came together.</param>
/// <param name="Verb">create, update, delete, merge or call.</param>
/// <param name="Entity">The entity, or the operation of a call.</param>
/// <param name="Record">The record's id; <c>new:Entity:n</c> for one that would be made.</param>
/// <param name="Fields">The fields set, with what is known to stand there now.</param>
/// <param name="Merge">For a merge: what goes up in the record, and why.</param>
internal sealed record PlannedWrite(string? Step, string Verb, string Entity, string Record, IReadOnlyList<PlannedField> Fields, PlannedMerge? Merge = null);

/// <summary>A field that would be set.</summary>
/// <param name="Name">The field.</param>
/// <param name="Before">What stands there; null when nothing does, or it was not read.</param>
/// <param name="After">What would stand there.</param>
public sealed record PlannedField(string Name, object? Before, object? After)
{
    /// <summary>Its values must not be shown: the field is sensitive, or what it holds comes from one that is.</summary>
    public bool Hidden { get; init; }
}

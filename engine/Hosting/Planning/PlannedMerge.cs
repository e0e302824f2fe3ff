namespace WorkflowEngine.Hosting;

/// <summary>What a merge would do beside the fields it sets.</summary>
/// <param name="Absorbed">Records that would go up in the survivor.</param>
/// <param name="Because">Why they are the same, as the flow says it.</param>
/// <param name="Kept">Which value each field would keep; fields that are empty in all records are left out.</param>
public sealed record PlannedMerge(IReadOnlyList<string> Absorbed, string? Because, IReadOnlyList<PlannedSurvivor> Kept);

/// <summary>Which value a field of the survivor would have.</summary>
/// <param name="Field">The field.</param>
/// <param name="Rule">The rule that chose: keep, filled, newest, oldest, longest or expression.</param>
/// <param name="Value">The value.</param>
/// <param name="Of">The record it comes from; null when it is nobody's.</param>
/// <param name="Lost">Other values there were, which would be gone.</param>
public sealed record PlannedSurvivor(string Field, string Rule, object? Value, string? Of, IReadOnlyList<PlannedLoss> Lost);

/// <summary>A value that a merge would drop.</summary>
/// <param name="Record">The record that has it.</param>
/// <param name="Value">The value.</param>
public sealed record PlannedLoss(string Record, object? Value);

using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>What became of an effect: exactly one of the three is given.</summary>
/// <param name="Result">The vendor's answer.</param>
/// <param name="Ended">The step ends with this instead.</param>
/// <param name="Conflicts">Links that stood in the way; nothing was sent.</param>
internal readonly record struct SentEffect(WriteResult? Result, StepResult? Ended, IReadOnlyList<LinkRow>? Conflicts);

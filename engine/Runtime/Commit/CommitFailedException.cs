namespace WorkflowEngine.Runtime;

/// <summary>A change set could not be stored even alone. The caller keeps its work and tries later; nothing was changed.</summary>
public sealed class CommitFailedException(string message, Exception inner) : Exception(message, inner);

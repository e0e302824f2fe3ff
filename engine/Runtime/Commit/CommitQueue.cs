namespace WorkflowEngine.Runtime;

/// <summary>The one writer serves these in order.</summary>
public enum CommitQueue
{
    Intake = 0,

    /// <summary>Settlements and checkpoints.</summary>
    Settlement = 1,

    Journal = 2,
}

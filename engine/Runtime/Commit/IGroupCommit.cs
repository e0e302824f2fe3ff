namespace WorkflowEngine.Runtime;

/// <summary>Joins the change sets of many runs into one transaction.</summary>
public interface IGroupCommit
{
    /// <summary>Durable when the task ends. Throws <see cref="CommitFailedException"/> when the set failed alone, <see cref="FencedException"/> when its lane is not this node's any more.</summary>
    Task<ChangeSetResult> CommitAsync(CommitQueue queue, ChangeSet set);

    /// <summary>Several sets that should stand in the same transaction (a flush's checkpoints); each keeps its own result.</summary>
    Task<IReadOnlyList<ChangeSetResult>> CommitAllAsync(CommitQueue queue, IReadOnlyList<ChangeSet> sets);

    /// <summary>A settlement that may rest a moment, to be stored with what is stored next. Ends when it is stored; hardly anybody waits for it.</summary>
    Task<ChangeSetResult> NoteAsync(ChangeSet set) => CommitAsync(CommitQueue.Settlement, set);

    /// <summary>Sets of the intake that wait for their transaction.</summary>
    int IntakeWaiting => 0;

    /// <summary>Sets of the intake wait for their transaction or are in it.</summary>
    bool IntakeBusy => false;

    /// <summary>Raised when the last set of the intake has its answer; on the thread of who asked for it.</summary>
    event Action? IntakeQuiet { add { } remove { } }
}

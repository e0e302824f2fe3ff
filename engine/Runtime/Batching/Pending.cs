using System.Diagnostics;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>A row that waits for its flush.</summary>
internal abstract class Pending
{
    /// <summary>The step that asks, while somebody traces.</summary>
    public ActivityContext? Trace { get; } = Activity.Current?.Context;

    /// <summary>Identities it writes: none of them is in another flight meanwhile.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    public IReadOnlyList<string> LockParents { get; init; } = [];

    public ChangeSet? Before { get; init; }

    /// <summary>Equal keys are one row on the wire (reads of the same record); null = a row of its own.</summary>
    public string? Same { get; init; }

    /// <summary>A repeat does no harm, so a lost answer is asked for again.</summary>
    public bool Repeatable { get; init; }

    /// <summary>A call that held it may have been carried out, though nobody knows.</summary>
    public bool MayHaveRun { get; set; }

    /// <summary>The caller gave up; the row is not sent any more.</summary>
    public abstract bool Abandoned { get; }

    /// <summary>False when the caller had given up already.</summary>
    public abstract bool Conflict(IReadOnlyList<LinkRow> conflicts);

    public abstract bool Fail(OperationError error, bool charged);
}

/// <summary>A row and who waits for its answer.</summary>
internal sealed class Pending<TAsk, T>(TAsk ask) : Pending
{
    private readonly TaskCompletionSource<Answer<T>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TAsk Ask { get; } = ask;

    public Task<Answer<T>> Done => _done.Task;

    public override bool Abandoned => _done.Task.IsCompleted;

    public bool TryCancel(CancellationToken token) => _done.TrySetCanceled(token);

    public bool Answer(Outcome<T> outcome, bool charged) => _done.TrySetResult(new Answer<T> { Outcome = outcome, Charged = charged, MayHaveRun = MayHaveRun });

    public override bool Fail(OperationError error, bool charged) => Answer(error, charged);

    public override bool Conflict(IReadOnlyList<LinkRow> conflicts) => _done.TrySetResult(new Answer<T>
    {
        Outcome = new OperationError(ErrorKind.Conflict, "claimed", "Another run is creating this record.") { NotExecuted = true },
        Conflicts = conflicts,
    });
}

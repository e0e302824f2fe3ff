using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>What a run gets back for its own row.</summary>
/// <typeparam name="T">The result.</typeparam>
public sealed record Answer<T>
{
    /// <summary>The result, or why there is none. Never <see cref="ErrorKind.BatchScoped"/> for a row that did not fail alone.</summary>
    public required Outcome<T> Outcome { get; init; }

    /// <summary>The failure is an answer about this record, so it counts as an attempt. False: the outside as a whole failed or refused.</summary>
    public bool Charged { get; init; }

    /// <summary>An earlier call that held the row may have been carried out: its answer did not come, and the row went again in another call.</summary>
    public bool MayHaveRun { get; init; }

    /// <summary>Links that stood in the way of the row's claims; not empty = nothing was sent.</summary>
    public IReadOnlyList<LinkRow> Conflicts { get; init; } = [];
}

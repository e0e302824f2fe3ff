using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>How steps ask a person: the question is stored with the run that parks for it, and the answer is taken when the run is woken.</summary>
internal sealed class ReviewDesk(IReviewStore store, TimeProvider time)
{
    /// <summary>A decision wakes the run; this is only for one whose waking was cut off by a crash.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromHours(12);

    /// <summary>Under which name a run that let its key go is planned.</summary>
    public static string WaitName(string runId) => "wait " + runId;

    /// <summary>The decision, or the park that waits for it.</summary>
    public async ValueTask<(Review? Decided, StepResult? Waits)> AskAsync(Run run, Func<string, NewReview> ask, bool releaseKey = false)
    {
        var now = time.GetUtcNow();
        if (run.State.Review is { } id && await store.FindAsync(run.Deployment.Ref.Workspace, id, CancellationToken.None).ConfigureAwait(false) is { } known)
        {
            return known.IsOpen ? (null, StepResult.Park(now + Look, "waits for a person to decide") with { ReleaseKey = releaseKey }) : (known, null);
        }

        var asked = ask(Guid.CreateVersion7(now).ToString("N"));
        run.State.Review = asked.Id;
        return (null, StepResult.Park(now + Look, "waits for a person to decide") with { ReleaseKey = releaseKey, Review = asked });
    }

    /// <summary>A question about records.</summary>
    public NewReview About(string id, ReviewKind kind, Run run, WriteInstruction write, IReadOnlyList<IReadOnlyDictionary<string, object?>> candidates, IReadOnlyDictionary<string, object?> wanted, string message) => new()
    {
        Id = id, Deployment = run.Deployment.Ref, Kind = kind, EventId = run.Event.Id, Key = run.Event.Key.Key, RunId = run.State.RunId, Step = write.Step.Name,
        Place = write.Step.Place.ToString(), Entity = write.Entity.Name, Message = message, OpenedAt = time.GetUtcNow(),
        Content = Payload.Encode(new Dictionary<string, object?>
        {
            ["connection"] = write.Connection,
            ["wanted"] = Shown(p => Notes.IsHidden(write, p), wanted),
            ["ids"] = candidates.Select(c => (object?)MatchFinder.Id(write.Entity, c)).ToList(),
            ["candidates"] = Candidates(write.Entity, candidates),
        }),
    };

    /// <summary>Records as a review keeps them: it is read by people who may not see sensitive values.</summary>
    public static List<object?> Candidates(EntityDescriptor entity, IEnumerable<IReadOnlyDictionary<string, object?>> records) =>
        [.. records.Select(r => (object?)Shown(p => entity.Field(p)?.Sensitive == true, r))];

    private static Dictionary<string, object?> Shown(Func<string, bool> hidden, IReadOnlyDictionary<string, object?> record) => record.ToDictionary(
        v => v.Key, v => hidden(v.Key) && v.Value is not null ? HiddenValues.Shown : v.Value is ParentReference parent ? FieldValues.AsText(parent.Value) : v.Value);
}

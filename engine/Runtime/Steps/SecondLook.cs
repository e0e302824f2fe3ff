using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>
/// A create that the vendor does not keep unique is looked for once more when the vendor surely shows it: two records for one key are a question for a person. The look is a planned event of
/// its own key, so it outlives the process, is joined with others by the batcher, and holds up nobody.
/// </summary>
internal sealed class SecondLook(StepServices services)
{
    /// <summary>The look that belongs to an answered create.</summary>
    public static PlanEvent Plan(Run run, WriteInstruction write, PendingIntent intent, DateTimeOffset now, TimeSpan settle)
    {
        var key = $"{PlanTrigger.LookId} {run.State.RunId} {write.Step.Name} {run.State.Effects.Count}";
        var deployment = run.Deployment.Ref;
        return new PlanEvent(
            new NewEvent
            {
                Deployment = deployment, Trigger = PlanTrigger.LookId, Kind = EventKind.Manual, Key = key, Lane = Lane.Of(deployment.Workspace, deployment.Id, key), Full = true,
                Priority = CallPriority.Backfill, ReceivedAt = now,
                Payload = Payload.Encode(new Dictionary<string, object?>
                {
                    ["connection"] = write.Connection, ["entity"] = write.Entity.Name, ["id"] = write.Entity.IdField, ["step"] = write.Step.Name, ["place"] = write.Step.Place.ToString(),
                    ["key"] = run.Event.Key.Key, ["run"] = run.State.RunId, ["fields"] = write.Select.Append(write.Entity.IdField).Distinct().ToList<object?>(),
                    ["terms"] = intent.Lookup.Select(t => (object?)new Dictionary<string, object?> { ["paths"] = t.Paths.ToList<object?>(), ["value"] = t.Value }).ToList(),
                }),
            },
            PlanTrigger.LookId,
            now + settle);
    }

    /// <summary>The end of the look, or why it could not be taken.</summary>
    public async ValueTask<(RunEnd? Ended, PlanStep Step, OperationError? Error, bool Charged)> ExecuteAsync(Run run)
    {
        var asked = (IReadOnlyDictionary<string, object?>)Payload.Decode(run.Payload)!;
        var step = PlanStep.Of(Text(asked, "step"), "look", default);
        if (!run.Deployment.Connections.TryGetValue(Text(asked, "connection"), out var connection)) return (RunEnd.Ended(RunOutcome.Succeeded), step, null, false);
        var terms = ((IReadOnlyList<object?>)asked["terms"]!).Cast<IReadOnlyDictionary<string, object?>>()
            .Select(t => MatchFinder.Term([.. ((IReadOnlyList<object?>)t["paths"]!).Cast<string>()], t["value"]!)).ToList();
        var answer = await services.Batcher.ReadAsync(
            new ReadAsk
            {
                Connection = connection, Entity = Text(asked, "entity"), Fields = [.. ((IReadOnlyList<object?>)asked["fields"]!).Cast<string>()],
                Condition = terms.Count == 1 ? terms[0] : new AllOf(terms), RowCap = 5, IncludeInactive = true, Priority = CallPriority.Backfill,
            },
            default).ConfigureAwait(false);
        if (answer.Outcome.Error is { } error) return (null, step, error, answer.Charged);
        run.Used.Add(connection.Name);
        var rows = answer.Outcome.Value!.Rows;
        if (rows.Count < 2) return (RunEnd.Ended(RunOutcome.Succeeded), step, null, false);
        var ids = rows.Select(r => r.GetValueOrDefault(Text(asked, "id")) is { } id ? FieldValues.AsText(id) : null).ToList<object?>();
        var review = new NewReview
        {
            Id = Guid.CreateVersion7(services.Now).ToString("N"), Deployment = run.Deployment.Ref, Kind = ReviewKind.PossiblyTwice, Key = Text(asked, "key"), RunId = Text(asked, "run"), Step = step.Name,
            Place = Text(asked, "place"), Entity = Text(asked, "entity"), OpenedAt = services.Now,
            Message = $"A {Text(asked, "entity")} may have been created twice: {string.Join(", ", ids)}.",
            Content = Payload.Encode(new Dictionary<string, object?>
            {
                ["connection"] = Text(asked, "connection"), ["wanted"] = null, ["ids"] = ids, ["candidates"] = rows.Select(r => (object?)new Dictionary<string, object?>(r)).ToList(),
            }),
        };
        return (RunEnd.Ended(RunOutcome.Succeeded) with { Review = review }, step, null, false);
    }

    private static string Text(IReadOnlyDictionary<string, object?> asked, string name) => asked.GetValueOrDefault(name) as string ?? "";
}

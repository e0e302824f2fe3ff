using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary><c>onDeleted</c>: no rule has found a record; the vendor is asked for one that carries the key and was deleted.</summary>
internal sealed class DeletedRecords(StepServices services, EffectSender sender)
{
    private const int Most = 10;

    /// <summary>Restored: it is taken back now, and the rules find it. Ended: what becomes of the step. Neither: there is none.</summary>
    public async ValueTask<(bool Restored, StepResult? Ended)> MeetAsync(Run run, UpsertInstruction upsert, RuleValues key)
    {
        var connection = run.Connection(upsert.Connection);
        List<string> fields = [upsert.Entity.IdField];
        if (upsert.Entity.VersionField is { } version) fields.Add(version);
        var answer = await services.Batcher.ReadAsync(
            new ReadAsk
            {
                Connection = connection, Entity = upsert.Entity.Name, Fields = fields, Condition = key.Condition(), RowCap = Most, Deleted = true, Priority = run.State.Priority, Step = upsert.Step.Name,
                Timeout = upsert.Step.Timeout,
            },
            default).ConfigureAwait(false);
        if (answer.Outcome.Error is { } error) return (false, StepResult.Failed(error, answer.Charged));
        run.Used.Add(connection.Name);
        if (Newest(upsert.Entity, answer.Outcome.Value!.Rows) is not { } id)
        {
            return (false, WasTakenBack(run, upsert) ? StepResult.Park(services.Now + connection.Settle, "the record was restored just now and is not shown yet") : null);
        }

        switch (upsert.OnDeleted)
        {
            case PlanDeleted.Skip:
                Notes.Took(run, upsert.Step, $"left: {upsert.Entity.Name} {id}, which carries the key, was deleted");
                if (upsert.Step.Output >= 0) run.State.Slots[upsert.Step.Output] = null;
                run.State.EnterStep(run.State.Counter + 1);
                return (false, StepResult.Done);
            case PlanDeleted.Fail:
                return (false, StepResult.Failed(new OperationError(ErrorKind.Rejected, "deleted", $"The {upsert.Entity.Name} {id} that carries the key was deleted.") { RecordIds = [id] }));
            default:
                var intent = new PendingIntent
                {
                    Kind = IntentKind.Restore, Connection = upsert.Connection, Entity = upsert.Entity.Name, RecordId = id, Fields = new Dictionary<string, object?>(), At = services.Now, Repeatable = true,
                };
                var sent = await sender.SendAsync(run, upsert, intent).ConfigureAwait(false);
                return (sent.Ended is null, sent.Ended);
        }
    }

    /// <summary>Not shown as deleted any more, and not shown as living yet.</summary>
    private static bool WasTakenBack(Run run, UpsertInstruction upsert) =>
        upsert.OnDeleted == PlanDeleted.Restore && run.State.MatchRounds++ == 0 && run.State.Effects is [.., { Verb: Notes.Restored } last] && last.Step == upsert.Step.Name;

    private static string? Newest(EntityDescriptor entity, IReadOnlyList<IReadOnlyDictionary<string, object?>> rows)
    {
        (string Id, string Age)? newest = null;
        foreach (var row in rows)
        {
            var id = MatchFinder.Id(entity, row);
            var age = entity.VersionField is { } version && RecordVersion.Of(row.GetValueOrDefault(version)) is { } changed ? changed : id;
            if (newest is not { } known || string.CompareOrdinal(age, known.Age) > 0) newest = (id, age);
        }

        return newest?.Id;
    }
}

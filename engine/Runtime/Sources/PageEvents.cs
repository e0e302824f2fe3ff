using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>A deployment and the trigger of it that a page is for.</summary>
internal sealed record Subscriber(ActiveDeployment Deployment, PlanTrigger Trigger);

/// <summary>Makes events of a page of rows. A page is never poisoned: a row whose key cannot be computed becomes a dead letter of its deployment.</summary>
internal sealed class PageEvents(EventFactory events, IBatcher batcher, RunnableCounter runnable, TimeProvider time)
{
    /// <summary>The events, and what else is to be stored with them; or why a record that had to be read could not be.</summary>
    public async Task<(List<NewEvent> Accepted, List<StoreChange> Changes, OperationError? Error)> MakeAsync(
        IReadOnlyList<SourceRow> given, List<Subscriber> subscribers, BoundConnection connection, CallPriority priority, CancellationToken cancellationToken, string? feed = null)
    {
        var accepted = new List<NewEvent>();
        var changes = new List<StoreChange>();
        var rows = Collapse(given);
        var records = await HydrateAsync(rows, subscribers, connection, priority, cancellationToken).ConfigureAwait(false);
        if (records.Error is { } error) return (accepted, changes, error);
        foreach (var row in rows)
        {
            foreach (var (deployment, trigger) in subscribers)
            {
                if (row.Deleted != trigger.TellsOfDeleted) continue;
                var record = row.Record ?? records.Found?.GetValueOrDefault(row.RecordId);
                var (eventKey, step, fault) = await events.KeyAsync(deployment, trigger, record, row.RecordId, cancellationToken).ConfigureAwait(false);
                if (eventKey is not null) accepted.Add(events.Change(deployment, trigger, row, eventKey, record, priority, feed));
                else changes.Add(new AddDeadLetter(Unkeyed.Of(deployment, trigger, row, record, step, fault!, time.GetUtcNow())));
            }
        }

        return (accepted, changes, null);
    }

    /// <summary>Several hints at one record in a page are one: the record is read in full anyway.</summary>
    private static List<SourceRow> Collapse(IReadOnlyList<SourceRow> rows)
    {
        var result = new List<SourceRow>(rows.Count);
        Dictionary<string, int>? hints = null;
        foreach (var row in rows)
        {
            if (row.Record is null && !row.Deleted)
            {
                hints ??= [];
                if (hints.TryGetValue(row.RecordId, out var at))
                {
                    var newest = RecordVersion.Compare(row.Version, result[at].Version) > 0 ? row : result[at];
                    // The stamp is that of all of them: the same lines given again are the same hint, a change of any is not.
                    result[at] = newest with { Stamp = row.Stamp is { } stamp && result[at].Stamp is { } before ? before + " " + stamp : null };
                    continue;
                }

                hints[row.RecordId] = result.Count;
            }

            result.Add(row);
        }

        return result;
    }

    /// <summary>Reads hinted records now where the key is in them: without it no lane is known.</summary>
    private async Task<(Dictionary<string, IReadOnlyDictionary<string, object?>>? Found, OperationError? Error)> HydrateAsync(
        List<SourceRow> rows, List<Subscriber> subscribers, BoundConnection connection, CallPriority priority, CancellationToken cancellationToken)
    {
        var first = subscribers.FirstOrDefault(s => s.Deployment.Flow.Key is not null && !s.Deployment.Flow.KeyIsRecordId);
        if (first is null || rows.All(r => r.Record is not null || r.Deleted)) return (null, null);
        var entity = first.Trigger.Entity!;
        var hinted = rows.Where(r => r.Record is null && !r.Deleted).ToList();
        var fields = subscribers.Any(s => s.Trigger.Fields.Count == 0)
            ? [.. entity.Fields.Where(f => f.Readable).Select(f => f.Name)]
            : subscribers.SelectMany(s => s.Trigger.Fields).Distinct(StringComparer.Ordinal).ToList();
        var asks = new Task<Answer<ReadRows>>[hinted.Count];
        for (var i = 0; i < asks.Length; i++)
        {
            // The batcher takes each asker out of the count and puts it back.
            runnable.Enter();
            asks[i] = batcher.ReadAsync(
                new ReadAsk
                {
                    Connection = connection, Entity = entity.Name, Fields = fields, IncludeInactive = true, RowCap = 1, Priority = priority,
                    Condition = new FieldCondition(entity.IdField, Comparison.In, [hinted[i].RecordId]),
                },
                cancellationToken);
        }

        var found = new Dictionary<string, IReadOnlyDictionary<string, object?>>(hinted.Count);
        OperationError? error = null;
        for (var i = 0; i < asks.Length; i++)
        {
            var answer = await asks[i].ConfigureAwait(false);
            runnable.Leave();
            if (!answer.Outcome.Succeeded) error = answer.Outcome.Error;
            else if (answer.Outcome.Value.Rows.Count > 0) found[hinted[i].RecordId] = answer.Outcome.Value.Rows[0];
        }

        if (error is not null) return (null, error);
        rows.RemoveAll(r => r.Record is null && !r.Deleted && !found.ContainsKey(r.RecordId));
        return (found, null);
    }
}

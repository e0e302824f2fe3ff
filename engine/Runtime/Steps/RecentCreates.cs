using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>
/// Records that runs created so recently that the vendor need not show them yet, by search or by id. That a read does not show such a one says nothing: the step waits until it is shown or settle has
/// passed.
/// </summary>
internal sealed class RecentCreates(LinkReader links, IRunStore runs, TimeProvider time)
{
    private const string Created = "created";
    private const string Updated = "updated";

    /// <summary>Enough to reach back to a creation of a moment ago.</summary>
    private const int MostEffects = 20;

    /// <summary>The link that remembers a record as new.</summary>
    public static LinkEnd Link(BoundConnection connection, EntityDescriptor entity, string recordId, DateTimeOffset now) => new(Key(connection, entity, recordId), now + connection.Settle);

    /// <summary>For a record that is not shown by its id. Null: it is gone.</summary>
    public async ValueTask<StepResult?> WaitAsync(Run run, BoundConnection connection, EntityDescriptor entity, string recordId)
    {
        var found = Own(run, connection, entity, recordId);
        if (found is null)
        {
            foreach (var link in await links.FindAsync([Key(connection, entity, recordId)]).ConfigureAwait(false)) found = link.EndsAt - connection.Settle;
            found ??= await ToldAsync(connection, entity, recordId).ConfigureAwait(false);
        }

        return found is { } at && LookupTimes.Next(at, connection.Settle, time.GetUtcNow()) is { } next ? StepResult.Park(next, $"the {entity.Name} was created just now and is not shown yet") : null;
    }

    /// <summary>
    /// For a record that is not shown by its id, which its event named or which was read of another record: a vendor may name what it does not show yet. Of what a run has made nothing need be known: the
    /// answer of its create may be lost. Null: the event came long enough ago.
    /// </summary>
    public StepResult? WaitForNamed(Run run, BoundConnection connection, EntityDescriptor entity) =>
        LookupTimes.Next(run.Event.ReceivedAt, connection.Settle, time.GetUtcNow()) is { } next ? StepResult.Park(next, $"the {entity.Name} that is named is not shown; it may be shown later") : null;

    /// <summary>
    /// For children that a search by their parent does not show, where the parent was created together with children of its own: they may be what is searched for. Null: there are none.
    /// </summary>
    public StepResult? WaitForChildren(Run run, BoundConnection connection, IReadOnlyList<RuleValues> rules)
    {
        foreach (var effect in run.State.Effects)
        {
            if (effect.Verb != Created || effect.Realm != connection.Realm || LookupTimes.Next(effect.At, connection.Settle, time.GetUtcNow()) is not { } next) continue;
            if (connection.Descriptor.Entity(effect.Entity) is not { } parent || !effect.Fields.Any(f => parent.Field(f) is { Type: { Kind: FieldKind.List, Item.Kind: FieldKind.Object } })) continue;
            foreach (var rule in rules)
            {
                if (!rule.Skipped && rule.Rule.Terms.Where((t, i) => t.Field.Type.Entity == parent.Name && rule.Keys[i] == effect.RecordId).Any())
                {
                    return StepResult.Park(next, $"what was created with the {parent.Name} is not shown yet");
                }
            }
        }

        return null;
    }

    /// <summary>
    /// When this run wrote the record. What was told as updated counts too: a straight upsert whose first answer died with the process is told so by its repeat though it had created the record.
    /// </summary>
    private static DateTimeOffset? Own(Run run, BoundConnection connection, EntityDescriptor entity, string recordId)
    {
        for (var i = run.State.Effects.Count - 1; i >= 0; i--)
        {
            var effect = run.State.Effects[i];
            if (effect.RecordId == recordId && effect.Realm == connection.Realm && effect.Entity == connection.OrgName(entity.Name)) return effect.Verb is Created or Updated ? effect.At : null;
        }

        return null;
    }

    /// <summary>A create by a key that the vendor keeps unique leaves no link: finished runs tell of it.</summary>
    private async ValueTask<DateTimeOffset?> ToldAsync(BoundConnection connection, EntityDescriptor entity, string recordId)
    {
        var effects = await runs.EffectsOfRecordAsync(connection.Workspace, connection.Realm, connection.OrgName(entity.Name), recordId, MostEffects, default).ConfigureAwait(false);
        foreach (var effect in effects)
        {
            if (effect.Verb == Created) return effect.At;
        }

        return null;
    }

    private static LinkKey Key(BoundConnection connection, EntityDescriptor entity, string recordId) => MatchFinder.Key(connection, entity, LinkHash.NewKind, LinkHash.Of([recordId]));
}

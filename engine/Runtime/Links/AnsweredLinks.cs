using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>
/// The links of a record whose write was answered: those that the write had claimed, and what is known of a new one until the vendor surely shows it. A key that the vendor keeps unique needs no
/// claim; where flows search by it, its value names the new record until settle has passed.
/// </summary>
internal sealed class AnsweredLinks(LinkKinds kinds)
{
    /// <param name="connection">Where it was written.</param>
    /// <param name="entity">What was written.</param>
    /// <param name="intent">What was sent.</param>
    /// <param name="recordId">The record.</param>
    /// <param name="mayBeNew">It was created, or told as there by a call that repeats one whose answer was lost. False: it was there.</param>
    /// <param name="now">The time of the answer.</param>
    public IReadOnlyList<LinkEnd> Of(BoundConnection connection, EntityDescriptor entity, PendingIntent intent, string recordId, bool mayBeNew, DateTimeOffset now)
    {
        var searched = mayBeNew ? Searched(connection, entity, intent) : null;
        if (searched is null && intent.Claims.Count == 0) return [];
        var links = new List<LinkEnd>(intent.Claims.Count + 2);
        for (var i = 0; i < intent.Claims.Count; i++) links.Add(new LinkEnd(intent.Claims[i], i == 0 && intent.FirstStays ? null : now + connection.Settle));
        if (searched is { } key) links.Add(new LinkEnd(key, now + connection.Settle));
        if (mayBeNew) links.Add(RecentCreates.Link(connection, entity, recordId, now));
        return links;
    }

    private LinkKey? Searched(BoundConnection connection, EntityDescriptor entity, PendingIntent intent) =>
        intent is { Kind: IntentKind.Upsert, KeyField: { } field } && kinds.IsSearched(connection, entity, field) && !intent.Claims.Any(c => c.IsOnce) && entity.Field(field) is { } descriptor
        && FieldComparison.Key(descriptor, intent.Key) is { } key
            ? MatchFinder.Key(connection, entity, field, LinkHash.Of([key])) : null;
}

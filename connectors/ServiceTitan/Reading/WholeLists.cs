using System.Collections.Concurrent;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Short reference lists without a filter by id (tags, cancel reasons), read whole and kept for a minute.</summary>
internal sealed class WholeLists(Session session)
{
    private const int PageSize = 1000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FreshForMissing = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, Kept> _kept = new();

    /// <summary>All rows, inactive ones too.</summary>
    /// <param name="access">The entity.</param>
    /// <param name="ids">Ids that are asked for: one that is missing makes the list read again, but not more than every ten seconds.</param>
    /// <param name="priority">Who is asking.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<(Outcome<List<IReadOnlyDictionary<string, object?>>> Rows, int Calls)> ReadAsync(EntityAccess access, IReadOnlyCollection<string> ids, CallPriority priority, CancellationToken cancellationToken)
    {
        var name = access.Entity.Name;
        if (_kept.TryGetValue(name, out var kept))
        {
            var age = session.Time.GetUtcNow() - kept.At;
            if (age < FreshForMissing || (age < Fresh && ids.All(kept.Ids.Contains))) return (kept.Rows, 0);
        }

        var query = session.Query(access);
        if (access.Wire.Active is { } active) query[active] = ReadPlanner.AllRows(active);
        if (access.Wire.Sort.Contains(access.Entity.IdField)) query["sort"] = "+Id";
        var (rows, calls, _) = await session.Lists.ReadAsync(session.Path(access.Wire.Path), query, access.ReadRow, PageSize, priority, null, cancellationToken).ConfigureAwait(false);
        if (rows.Succeeded) _kept[name] = new Kept(rows.Value, rows.Value.Select(r => r.GetValueOrDefault(access.Entity.IdField) as string ?? "").ToHashSet(), session.Time.GetUtcNow());
        return (rows, calls);
    }

    private sealed record Kept(List<IReadOnlyDictionary<string, object?>> Rows, HashSet<string> Ids, DateTimeOffset At);
}

using System.Data.Common;
using System.Globalization;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

/// <summary>
/// Walks the ready index of a deployment in its order. Events in flight stand at its front, often many of them: their rows are passed by in the index alone, only those that
/// may be claimed are read.
/// </summary>
internal sealed class ReadyScan(IStoreDialect dialect, StoreSession session, DeploymentRef deployment, IReadOnlyList<int> lanes)
{
    private readonly string _sql = $"""
        SELECT e.rank, e.id FROM event e
        WHERE e.workspace_id = @workspace AND e.deployment_id = @deployment AND e.state = 0 AND (e.rank, e.id) > (@rank, @id) {LaneFilter("e", lanes)}
        ORDER BY e.rank, e.id LIMIT @page
        """;

    public async Task<IReadOnlyList<ReadyEvent>> ReadAsync(InFlight inFlight, int limit, CancellationToken cancellationToken)
    {
        var found = new List<ReadyEvent>(limit);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var page = limit + inFlight.Events.Count;
        var (rank, id) = (-1, 0L);
        while (true)
        {
            var rows = await PageAsync(rank, id, page, cancellationToken).ConfigureAwait(false);
            var free = rows.ConvertAll(row => row.Id);
            free.RemoveAll(inFlight.Events.Contains);
            for (var next = 0; next < free.Count && found.Count < limit;)
            {
                var chosen = free.GetRange(next, Math.Min(limit - found.Count, free.Count - next));
                next += chosen.Count;
                foreach (var item in await ReadAsync(chosen, cancellationToken).ConfigureAwait(false))
                {
                    if (!inFlight.Keys.Contains(item.Key.Key) && keys.Add(item.Key.Key)) found.Add(item);
                }
            }

            if (rows.Count < page || found.Count >= limit) return found;
            (rank, id) = rows[^1];
        }
    }

    /// <summary>The end of a condition on events; empty for all lanes.</summary>
    public static string LaneFilter(string table, IReadOnlyList<int> lanes) =>
        lanes.Count >= Lane.Count ? "" : $"AND {table}.lane IN ({string.Join(',', lanes.Select(lane => lane.ToString(CultureInfo.InvariantCulture)))})";

    private static void Set(DbCommand command, string name, object value)
    {
        if (command.Parameters.Contains(name))
        {
            command.Parameters[name].Value = value;
            return;
        }

        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private async Task<List<(int Rank, long Id)>> PageAsync(int rank, long id, int page, CancellationToken cancellationToken)
    {
        var command = session.Command(_sql);
        Set(command, "@workspace", deployment.Workspace);
        Set(command, "@deployment", deployment.Id);
        Set(command, "@rank", rank);
        Set(command, "@id", id);
        Set(command, "@page", page);
        var rows = new List<(int, long)>(page);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) rows.Add((reader.GetInt32(0), reader.GetInt64(1)));
        return rows;
    }

    private async Task<List<ReadyEvent>> ReadAsync(List<long> ids, CancellationToken cancellationToken)
    {
        var rows = new List<ReadyEvent>(ids.Count);
        await InboxStore.ReadChosenAsync(dialect, session, deployment, ids, rows.Add, cancellationToken).ConfigureAwait(false);
        rows.Sort(static (a, b) => (a.Priority, a.Id).CompareTo((b.Priority, b.Id)));
        return rows;
    }
}

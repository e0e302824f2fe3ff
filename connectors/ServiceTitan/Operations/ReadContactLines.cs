using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Contact lines of customers or locations: 50 owners in one call, or one by one where that path is not published.</summary>
internal sealed class ReadContactLines : IReadOperation
{
    private const int MostOwners = 50;
    private const int PageSize = 1000;
    private volatile bool _oneByOne;

    public async Task<BatchAnswer<ReadRows>> ReadAsync(Session session, EntityAccess access, ReadBatch batch, CancellationToken cancellationToken)
    {
        var owner = access.Wire.Parent!;
        var owners = batch.Conditions.SelectMany(RowDistribution.Required).Where(c => c.Path == owner && c.Operator == Comparison.In)
            .SelectMany(c => c.Values).OfType<string>().Where(id => id.All(char.IsAsciiDigit)).Distinct().ToList();
        if (!batch.Conditions.All(c => RowDistribution.Required(c).Any(r => r.Path == owner && r.Operator == Comparison.In)))
        {
            return Answers.SharedFailure<ReadRows>(batch.Conditions.Count, ServiceTitanErrors.OnlyBelow(access.Entity.Name, owner), 0);
        }

        var (rows, calls) = await RowsAsync(session, access, owners, batch.Priority, cancellationToken).ConfigureAwait(false);
        if (rows.Error is { } error) return Answers.SharedFailure<ReadRows>(batch.Conditions.Count, error, calls);
        return new BatchAnswer<ReadRows> { Items = [.. RowDistribution.Give(access.Evaluator, batch, rows.Value!)], Calls = calls };
    }

    /// <summary>All lines of these owners.</summary>
    public async Task<(Outcome<List<IReadOnlyDictionary<string, object?>>> Rows, int Calls)> RowsAsync(Session session, EntityAccess access, IReadOnlyList<string> owners, CallPriority priority, CancellationToken cancellationToken)
    {
        var (owner, parameter) = (access.Wire.Parent!, access.Wire.Filters[access.Wire.Parent!].Many!);
        var all = new List<IReadOnlyDictionary<string, object?>>();
        var calls = 0;
        foreach (var chunk in owners.Chunk(MostOwners))
        {
            if (!_oneByOne)
            {
                var asked = chunk.ToHashSet();
                var query = new Dictionary<string, string> { [parameter] = string.Join(',', chunk) };
                var (rows, made, _) = await session.Lists.ReadAsync(
                    session.Path(access.Wire.Path), query, access.ReadRow, PageSize, priority, read => read.Exists(row => Stranger(row, owner, asked)), cancellationToken).ConfigureAwait(false);
                calls += made;
                if (rows.Succeeded && !rows.Value.Exists(row => Stranger(row, owner, asked)))
                {
                    all.AddRange(rows.Value);
                    continue;
                }

                if (rows.Error is { Code: not ServiceTitanErrors.NotPublished } error) return (error, calls);
                // The path is not published, or its filter is not applied: this connection asks owner by owner from now on.
                _oneByOne = true;
            }

            var answers = await Answers.EachAsync(chunk, id => OfOneAsync(session, access, id, priority, cancellationToken)).ConfigureAwait(false);
            foreach (var (rows, made) in answers)
            {
                calls += made;
                if (rows.Error is { } error) return (error, calls);
                all.AddRange(rows.Value!);
            }
        }

        return (all, calls);
    }

    private static bool Stranger(IReadOnlyDictionary<string, object?> row, string owner, HashSet<string> asked) => row.GetValueOrDefault(owner) is not string id || !asked.Contains(id);

    private static async Task<(Outcome<List<IReadOnlyDictionary<string, object?>>> Rows, int Calls)> OfOneAsync(Session session, EntityAccess access, string id, CallPriority priority, CancellationToken cancellationToken)
    {
        var owner = access.Wire.Parent!;
        var (rows, calls, _) = await session.Lists.ReadAsync(
            session.Path(access.Wire.Below!).Replace("{" + owner + "}", id, StringComparison.Ordinal),
            new Dictionary<string, string>(),
            (ref Utf8JsonReader reader) =>
            {
                var row = access.Reader.Read(ref reader);
                row[owner] = id;
                access.Complete(row);
                return row;
            },
            PageSize, priority, null, cancellationToken).ConfigureAwait(false);
        // An inactive owner answers 409, one that is gone 404: neither has contact lines to give.
        return rows.Error is { Code: "409" or "404" } ? (new List<IReadOnlyDictionary<string, object?>>(), calls) : (rows, calls);
    }
}

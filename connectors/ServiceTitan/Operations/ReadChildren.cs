using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Children that are listed below one parent, such as the notes of a job: one call per parent.</summary>
internal sealed class ReadChildren : IReadOperation
{
    private const int PageSize = 500;

    public async Task<BatchAnswer<ReadRows>> ReadAsync(Session session, EntityAccess access, ReadBatch batch, CancellationToken cancellationToken)
    {
        var parent = access.Wire.Parent!;
        if (!batch.Conditions.All(c => RowDistribution.Required(c).Any(r => r.Path == parent && r.Operator == Comparison.In)))
        {
            return Answers.SharedFailure<ReadRows>(batch.Conditions.Count, ServiceTitanErrors.OnlyBelow(access.Entity.Name, parent), 0);
        }

        var parents = batch.Conditions.SelectMany(RowDistribution.Required).Where(c => c.Path == parent && c.Operator == Comparison.In)
            .SelectMany(c => c.Values).OfType<string>().Where(id => id.All(char.IsAsciiDigit)).Distinct().ToList();
        var answers = await Answers.EachAsync(parents, async id => (Id: id, Answer: await OfOneAsync(session, access, parent, id, batch.Priority, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        var byParent = answers.ToDictionary(a => a.Id, a => a.Answer.Rows);
        var items = batch.Conditions.Select(condition =>
        {
            var asked = RowDistribution.Required(condition).First(c => c.Path == parent && c.Operator == Comparison.In).Values.OfType<string>();
            var own = asked.Where(byParent.ContainsKey).Select(id => byParent[id]).ToList();
            var failed = own.FirstOrDefault(o => o.Error is not null);
            return failed.Error is { } error
                ? error
                : Outcome<ReadRows>.Of(RowDistribution.Give(access.Evaluator, batch with { Conditions = [condition] }, [.. own.SelectMany(o => o.Value!)])[0]);
        });
        return new BatchAnswer<ReadRows> { Items = [.. items], Calls = answers.Sum(a => a.Answer.Calls) };
    }

    private static async Task<(Outcome<List<IReadOnlyDictionary<string, object?>>> Rows, int Calls)> OfOneAsync(Session session, EntityAccess access, string parent, string id, CallPriority priority, CancellationToken cancellationToken)
    {
        var (rows, calls, _) = await session.Lists.ReadAsync(
            session.Path(access.Wire.Path).Replace("{" + parent + "}", id, StringComparison.Ordinal),
            new Dictionary<string, string>(),
            (ref Utf8JsonReader reader) =>
            {
                var row = access.Reader.Read(ref reader);
                row[parent] = id;
                access.Complete(row);
                return row;
            },
            PageSize, priority, null, cancellationToken).ConfigureAwait(false);
        return rows.Error is { Code: "404" } ? (new List<IReadOnlyDictionary<string, object?>>(), calls) : (rows, calls);
    }
}

using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Contact lines of customers: 50 customers in one call, or one by one where that path is not published.</summary>
internal sealed class ReadCustomerContacts : IReadOperation
{
    private const string Customer = "customerId";
    private const int MostCustomers = 50;
    private const int PageSize = 1000;
    private volatile bool _oneByOne;

    public async Task<BatchAnswer<ReadRows>> ReadAsync(Session session, EntityAccess access, ReadBatch batch, CancellationToken cancellationToken)
    {
        var customers = batch.Conditions.SelectMany(RowDistribution.Required).Where(c => c is { Path: Customer, Operator: Comparison.In })
            .SelectMany(c => c.Values).OfType<string>().Where(id => id.All(char.IsAsciiDigit)).Distinct().ToList();
        if (!batch.Conditions.All(c => RowDistribution.Required(c).Any(r => r is { Path: Customer, Operator: Comparison.In })))
        {
            return Answers.SharedFailure<ReadRows>(batch.Conditions.Count, ServiceTitanErrors.NotYet($"Reading {access.Entity.Name} without {Customer}"), 0);
        }

        var (rows, calls) = await RowsAsync(session, access, customers, batch.Priority, cancellationToken).ConfigureAwait(false);
        if (rows.Error is { } error) return Answers.SharedFailure<ReadRows>(batch.Conditions.Count, error, calls);
        return new BatchAnswer<ReadRows> { Items = [.. RowDistribution.Give(access.Evaluator, batch, rows.Value!)], Calls = calls };
    }

    private async Task<(Outcome<List<IReadOnlyDictionary<string, object?>>> Rows, int Calls)> RowsAsync(Session session, EntityAccess access, List<string> customers, CallPriority priority, CancellationToken cancellationToken)
    {
        var all = new List<IReadOnlyDictionary<string, object?>>();
        var calls = 0;
        foreach (var chunk in customers.Chunk(MostCustomers))
        {
            if (!_oneByOne)
            {
                var asked = chunk.ToHashSet();
                var query = new Dictionary<string, string> { ["customerIds"] = string.Join(',', chunk) };
                var (rows, made, _) = await session.Lists.ReadAsync(
                    session.Path(access.Wire.Path), query, access.ReadRow, PageSize, priority, read => read.Exists(row => Stranger(row, asked)), cancellationToken).ConfigureAwait(false);
                calls += made;
                if (rows.Succeeded && !rows.Value.Exists(row => Stranger(row, asked)))
                {
                    all.AddRange(rows.Value);
                    continue;
                }

                if (rows.Error is { Code: not ServiceTitanErrors.NotPublished } error) return (error, calls);
                // The path is not published, or its filter is not applied: this connection asks customer by customer from now on.
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

    private static bool Stranger(IReadOnlyDictionary<string, object?> row, HashSet<string> asked) => row.GetValueOrDefault(Customer) is not string owner || !asked.Contains(owner);

    private static async Task<(Outcome<List<IReadOnlyDictionary<string, object?>>> Rows, int Calls)> OfOneAsync(Session session, EntityAccess access, string customer, CallPriority priority, CancellationToken cancellationToken)
    {
        var (rows, calls, _) = await session.Lists.ReadAsync(
            session.Path($"crm/v2/tenant/{{tenant}}/customers/{customer}/contacts"),
            new Dictionary<string, string>(),
            (ref System.Text.Json.Utf8JsonReader reader) =>
            {
                var row = access.Reader.Read(ref reader);
                row[Customer] = customer;
                access.Complete(row);
                return row;
            },
            PageSize, priority, null, cancellationToken).ConfigureAwait(false);
        // An inactive customer answers 409, one that is gone 404: neither has contact lines to give.
        return rows.Error is { Code: "409" or "404" } ? (new List<IReadOnlyDictionary<string, object?>>(), calls) : (rows, calls);
    }
}

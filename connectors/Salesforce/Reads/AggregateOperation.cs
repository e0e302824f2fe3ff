using System.Globalization;
using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Errors;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Reads;

/// <summary>Sums by the vendor: one query per asker, its columns under names of ours; several askers share a composite call.</summary>
internal sealed class AggregateOperation
{
    private readonly QueryPages _pages;
    private readonly AggregateBatch _batch;
    private readonly SoqlWhere _where;
    private readonly RecordReader _reader;
    private readonly FieldType[] _types;
    private readonly string _select;

    public AggregateOperation(QueryPages pages, OrgSchema schema, AggregateBatch batch)
    {
        _pages = pages;
        _batch = batch;
        _where = new SoqlWhere(schema, batch.Entity);
        var any = FieldType.Of(FieldKind.Any);
        _types = [.. batch.Columns.Select(c => schema.Resolve(batch.Entity, c.Path)?.Type ?? any)];
        var select = new StringBuilder("SELECT ");
        var fields = new List<FieldDescriptor> { new() { Name = "n", Type = FieldType.Of(FieldKind.Integer) } };
        for (var i = 0; i < batch.GroupBy.Count; i++)
        {
            select.Append(CultureInfo.InvariantCulture, $"{batch.GroupBy[i]} g{i}, ");
            fields.Add(new FieldDescriptor { Name = string.Create(CultureInfo.InvariantCulture, $"g{i}"), Type = schema.Resolve(batch.Entity, batch.GroupBy[i])?.Type ?? any });
        }

        for (var i = 0; i < batch.Columns.Count; i++)
        {
            select.Append(CultureInfo.InvariantCulture, $"{batch.Columns[i].Function.ToString().ToUpperInvariant()}({batch.Columns[i].Path}) c{i}, ");
            fields.Add(new FieldDescriptor { Name = string.Create(CultureInfo.InvariantCulture, $"c{i}"), Type = _types[i] });
        }

        _select = select.Append("COUNT(Id) n FROM ").Append(batch.Entity).ToString();
        _reader = new RecordReader(fields);
    }

    public async Task<BatchAnswer<ReadRows>> RunAsync(CancellationToken cancellationToken)
    {
        var names = _batch.GroupBy.Concat(_batch.Columns.Select(c => c.Path));
        if (!SoqlName.IsName(_batch.Entity) || names.Any(n => !SoqlName.IsPath(n)))
        {
            return BatchAnswer<ReadRows>.Failed(new OperationError(ErrorKind.Bug, "name", $"A name of the sum over {_batch.Entity} is none Salesforce can be asked for.") { NotExecuted = true }, 0);
        }

        var answers = new Outcome<ReadRows>[_batch.Conditions.Count];
        var open = Prepare(answers);
        var made = 0;
        foreach (var chunk in open.Where(q => CompositeQueries.CanHold(q.Query)).Chunk(CompositeQueries.Most).Concat(open.Where(q => !CompositeQueries.CanHold(q.Query)).Chunk(1)))
        {
            made++;
            var first = await FirstAsync(chunk, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < chunk.Length; i++)
            {
                var page = first?[i];
                if (page is null)
                {
                    made++;
                    page = await _pages.FirstAsync(_reader, chunk[i].Query, _batch.Priority, cancellationToken).ConfigureAwait(false);
                }

                var (outcome, calls) = await RestAsync(page.Value, cancellationToken).ConfigureAwait(false);
                made += calls;
                // Budget and credentials concern everybody; anything else is this asker's own.
                if (outcome.Error is { Kind: ErrorKind.RateLimited or ErrorKind.Quota or ErrorKind.Authentication } error) return BatchAnswer<ReadRows>.Failed(error, made);
                answers[chunk[i].Index] = outcome;
            }
        }

        return new BatchAnswer<ReadRows> { Items = answers, Calls = made };
    }

    /// <summary>The queries to ask; answers that are known without asking are filled in.</summary>
    private List<(int Index, string Query)> Prepare(Outcome<ReadRows>[] answers)
    {
        var open = new List<(int Index, string Query)>(answers.Length);
        for (var i = 0; i < answers.Length; i++)
        {
            if (_where.Prepare(_batch.Conditions[i], out var ready) is { } problem) answers[i] = new OperationError(ErrorKind.Bug, "condition", problem) { NotExecuted = true };
            else if (!_where.CanBeAsked(ready)) answers[i] = new OperationError(ErrorKind.Rejected, "condition", $"The condition on {_batch.Entity} asks for lists of children in a way a sum cannot.") { NotExecuted = true };
            else if (ConditionForms.IsNever(ready)) answers[i] = new ReadRows(_batch.GroupBy.Count == 0 ? [Row(new Dictionary<string, object?>())] : []);
            else if (Query(ready) is var query && SoqlQueryText.EncodedLength(query) > SoqlQueryText.MostEncodedLength) answers[i] = new OperationError(ErrorKind.Rejected, "queryTooLong", $"The condition on {_batch.Entity} is longer than Salesforce takes in one address.") { NotExecuted = true };
            else open.Add((i, query));
        }

        return open;
    }

    private string Query(Condition condition)
    {
        var query = new StringBuilder(_select);
        if (!ConditionForms.IsAlways(condition)) query.Append(" WHERE ").Append(_where.Text(condition));
        // Without groups there is one row, and a limit is no part of such a query.
        if (_batch.GroupBy.Count > 0) query.Append(" GROUP BY ").AppendJoin(", ", _batch.GroupBy).Append(CultureInfo.InvariantCulture, $" LIMIT {_batch.RowCap + 1}");
        return query.ToString();
    }

    /// <summary>The first page of each; null when the call as such was refused and each is to be asked alone.</summary>
    private async Task<IReadOnlyList<Outcome<QueryPage>>?> FirstAsync((int Index, string Query)[] chunk, CancellationToken cancellationToken)
    {
        if (chunk.Length == 1) return [await _pages.FirstAsync(_reader, chunk[0].Query, _batch.Priority, cancellationToken).ConfigureAwait(false)];
        var several = await _pages.SeveralAsync(_reader, [.. chunk.Select(q => q.Query)], _batch.Priority, cancellationToken).ConfigureAwait(false);
        if (several.Error is { } error) return error.Kind is ErrorKind.Rejected or ErrorKind.Misconfigured or ErrorKind.BatchScoped ? null : [.. chunk.Select(_ => Outcome<QueryPage>.Failed(error))];
        return several.Value;
    }

    /// <summary>The pages behind the first one, and the calls that took.</summary>
    private async Task<(Outcome<ReadRows> Outcome, int Calls)> RestAsync(Outcome<QueryPage> page, CancellationToken cancellationToken)
    {
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        for (var made = 0; ; made++)
        {
            if (page.Error is { } error) return (SalesforceErrors.OfPath(error, _batch.Entity), made);
            rows.AddRange(page.Value!.Rows.Select(Row));
            if (page.Value.Next is not { } next || rows.Count > _batch.RowCap) return (rows.Count > _batch.RowCap ? new ReadRows([.. rows.Take(_batch.RowCap)], More: true) : new ReadRows(rows), made);
            page = await _pages.NextAsync(_reader, next, _batch.Priority, cancellationToken).ConfigureAwait(false);
        }
    }

    private IReadOnlyDictionary<string, object?> Row(IReadOnlyDictionary<string, object?> vendor)
    {
        var row = new Dictionary<string, object?>(StringComparer.Ordinal) { ["count"] = vendor.GetValueOrDefault("n") ?? 0L };
        for (var i = 0; i < _batch.GroupBy.Count; i++) row[_batch.GroupBy[i]] = vendor.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"g{i}"));
        for (var i = 0; i < _batch.Columns.Count; i++)
        {
            row[_batch.Columns[i].Name] = vendor.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"c{i}")) ?? (_batch.Columns[i].Function == AggregateFunction.Sum ? Zero(_types[i].Kind) : null);
        }

        return row;
    }

    private static object Zero(FieldKind kind) => kind switch
    {
        FieldKind.Integer => 0L,
        FieldKind.Number => 0d,
        _ => 0m,
    };
}

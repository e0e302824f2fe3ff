using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce.Errors;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Reads;

/// <summary>Answers a read batch with as few queries as the vendor's bounds allow.</summary>
internal sealed class ReadOperation
{
    private readonly QueryPages _pages;
    private readonly ReadBatch _batch;
    private readonly ReadPlan _plan;
    private readonly Stack<Group> _open = new();
    private readonly OperationError?[] _errors;
    private int _calls;

    public ReadOperation(QueryPages pages, OrgSchema schema, ReadBatch batch)
    {
        _pages = pages;
        _batch = batch;
        _plan = new ReadPlan(schema, batch);
        _errors = new OperationError?[batch.Conditions.Count];
    }

    public async Task<BatchAnswer<ReadRows>> RunAsync(CancellationToken cancellationToken)
    {
        if (_plan.BadName() is { } bad)
        {
            return BatchAnswer<ReadRows>.Failed(new OperationError(ErrorKind.Bug, "name", $"'{bad}' is no name Salesforce can be asked for.") { NotExecuted = true }, 0);
        }

        var askers = _plan.Askers(_errors);
        foreach (var group in _plan.Groups(askers)) _open.Push(new Group(group));
        while (_open.TryPop(out var group))
        {
            if (await AskAsync(group, cancellationToken).ConfigureAwait(false) is { } failed) return BatchAnswer<ReadRows>.Failed(failed, _calls);
        }

        var parts = askers.ToLookup(a => a.Index, a => a.Rows);
        return new BatchAnswer<ReadRows>
        {
            Items = [.. Enumerable.Range(0, _errors.Length).Select(i => _errors[i] is { } error ? Outcome<ReadRows>.Failed(error) : _plan.Answer([.. parts[i]]))],
            Calls = _calls,
        };
    }

    /// <summary>Asks one group.</summary>
    /// <returns>An error of the whole batch; null when the group was answered or split.</returns>
    private async Task<OperationError?> AskAsync(Group group, CancellationToken cancellationToken)
    {
        var askers = group.Askers;
        if (_plan.Query(askers, group.OverCap) is not { } query)
        {
            Split(group, 2);
            return null;
        }

        var length = SoqlQueryText.EncodedLength(query);
        if (length > SoqlQueryText.MostEncodedLength)
        {
            if (askers.Count == 1)
            {
                _errors[askers[0].Index] = new OperationError(ErrorKind.Rejected, "queryTooLong", $"The condition on {_batch.Entity} is longer than Salesforce takes in one address.") { NotExecuted = true };
            }
            else
            {
                Split(group, (int)Math.Ceiling(length / (SoqlQueryText.MostEncodedLength * 0.9)));
            }

            return null;
        }

        var routing = new RowRouting(askers, _plan.Schema, _batch.Entity);
        var stray = false;
        _calls++;
        var page = await _pages.FirstAsync(_plan.Rows, query, _batch.Priority, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            if ((page.Error ?? await ChildrenAsync(page.Value!, cancellationToken).ConfigureAwait(false)) is { } error)
            {
                group.Forget();
                return Failed(group, error);
            }

            foreach (var row in page.Value!.Rows) stray |= !routing.Give(row);
            if (page.Value.Next is not { } next) break;

            // A hot value would drag thousands of rows along for everybody: it is asked alone, the others again without it.
            var hot = askers.Where(a => a.Rows.Count > _batch.RowCap).ToArray();
            if (hot.Length > 0 && !group.OverCap)
            {
                group.Forget();
                if (askers.Except(hot).ToArray() is { Length: > 0 } others) _open.Push(new Group(others));
                foreach (var asker in hot) _open.Push(new Group([asker], OverCap: true));
                return null;
            }

            _calls++;
            page = await _pages.NextAsync(_plan.Rows, next, _batch.Priority, cancellationToken).ConfigureAwait(false);
        }

        if (stray && askers.Count > 1)
        {
            // A row that answers nobody by our comparison answers somebody by Salesforce's: halved until it is plain whom.
            group.Forget();
            Split(group, 2);
        }

        return null;
    }

    private async Task<OperationError?> ChildrenAsync(QueryPage page, CancellationToken cancellationToken)
    {
        if (_plan.Children.Count == 0) return null;
        var children = new ChildRows(_pages, _batch.Entity, _plan.Children, _batch.Priority);
        var error = await children.CompleteAsync(page.Rows, cancellationToken).ConfigureAwait(false);
        _calls += children.Calls;
        return error;
    }

    private OperationError? Failed(Group group, OperationError error)
    {
        error = SalesforceErrors.OfPath(error, _batch.Entity);
        if (group.Askers.Count > 1)
        {
            if (error.Kind != ErrorKind.BatchScoped) return SalesforceErrors.ForCall(error);
            Split(group, 2);
            return null;
        }

        // Budget and credentials concern everybody; anything else is this asker's own.
        if (error.Kind is ErrorKind.RateLimited or ErrorKind.Quota or ErrorKind.Authentication) return error;
        _errors[group.Askers[0].Index] = error;
        return null;
    }

    private void Split(Group group, int parts)
    {
        var size = (group.Askers.Count + Math.Max(2, parts) - 1) / Math.Max(2, parts);
        foreach (var chunk in group.Askers.Chunk(size)) _open.Push(new Group(chunk));
    }

    /// <summary>Askers that share one query.</summary>
    /// <param name="Askers">Who asks.</param>
    /// <param name="OverCap">A single asker known to have more rows than the cap: ordered and limited.</param>
    private sealed record Group(IReadOnlyList<Asker> Askers, bool OverCap = false)
    {
        public void Forget()
        {
            foreach (var asker in Askers) asker.Rows.Clear();
        }
    }
}

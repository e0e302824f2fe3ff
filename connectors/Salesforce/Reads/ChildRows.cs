using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce.Reads;

/// <summary>Makes plain lists of the pages of children inside rows. Children that did not fit are fetched: a list is whole, or the read fails.</summary>
internal sealed class ChildRows(QueryPages pages, string entity, IReadOnlyList<(string Name, RecordReader Rows)> lists, CallPriority priority)
{
    public const string Done = "done";

    public const string Next = "nextRecordsUrl";

    public const string Records = "records";

    // More children of one record than a run should hold.
    private const int Most = 10_000;

    /// <summary>Calls made for children that did not fit.</summary>
    public int Calls { get; private set; }

    /// <summary>Puts the lists into the rows as they came.</summary>
    /// <returns>An error when children could not be fetched; null when all are there.</returns>
    public async Task<OperationError?> CompleteAsync(IReadOnlyList<IReadOnlyDictionary<string, object?>> rows, CancellationToken cancellationToken)
    {
        if (lists.Count == 0) return null;
        foreach (var row in rows)
        {
            foreach (var (name, reader) in lists)
            {
                var (children, error) = await WholeAsync(row.GetValueOrDefault(name) as IReadOnlyDictionary<string, object?>, name, reader, cancellationToken).ConfigureAwait(false);
                if (error is not null) return error;
                ((Dictionary<string, object?>)row)[name] = children;
            }
        }

        return null;
    }

    private async Task<(IReadOnlyList<object?> Children, OperationError? Error)> WholeAsync(IReadOnlyDictionary<string, object?>? page, string name, RecordReader reader, CancellationToken cancellationToken)
    {
        if (page is null) return ([], null);
        if (page.GetValueOrDefault(Records) is not IReadOnlyList<object?> first) return ([], Malformed(name));
        if (page.GetValueOrDefault(Done) is true) return (first, null);
        var all = new List<object?>(first);
        var next = page.GetValueOrDefault(Next) as string is { } url ? pages.Path(url) : null;
        // Children cut short must never look like all children.
        if (next is null) return ([], Malformed(name));
        while (next is not null)
        {
            if (all.Count > Most) return ([], new OperationError(ErrorKind.Rejected, "tooManyChildren", $"A record of {entity} has more than {Most} {name}: ask for them by a query of their own.") { NotExecuted = true });
            Calls++;
            var outcome = await pages.NextAsync(reader, next, priority, cancellationToken).ConfigureAwait(false);
            if (outcome.Error is { } error) return ([], error);
            all.AddRange(outcome.Value!.Rows);
            next = outcome.Value.Next;
        }

        return (all, null);
    }

    private OperationError Malformed(string name) => new(ErrorKind.BatchScoped, "malformed", $"The {name} of a record of {entity} came in a form that is none of Salesforce's.") { WhenAlone = ErrorKind.Transient };
}

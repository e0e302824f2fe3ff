using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Builds batch answers by the rule that a shared failure is never charged to a row.</summary>
internal static class Answers
{
    /// <summary>A call that served all askers failed. A lone asker is judged by it; several get a call error, and a refusal that may be about one of them halves the batch.</summary>
    public static BatchAnswer<T> SharedFailure<T>(int askers, OperationError error, int calls)
    {
        if (askers == 1) return new BatchAnswer<T> { Items = [error], Calls = calls };
        var kind = error.Kind is ErrorKind.Rejected or ErrorKind.Conflict ? ErrorKind.BatchScoped : error.Kind;
        return BatchAnswer<T>.Failed(error with { Kind = kind }, calls);
    }

    /// <summary>Runs something for each item, a few at a time; each item has its own outcome.</summary>
    public static async Task<TResult[]> EachAsync<TItem, TResult>(IReadOnlyList<TItem> items, Func<TItem, Task<TResult>> run)
    {
        const int AtOnce = 4;
        if (items.Count == 1) return [await run(items[0]).ConfigureAwait(false)];
        using var places = new SemaphoreSlim(AtOnce);
        return await Task.WhenAll(items.Select(async item =>
        {
            await places.WaitAsync().ConfigureAwait(false);
            try
            {
                return await run(item).ConfigureAwait(false);
            }
            finally
            {
                places.Release();
            }
        })).ConfigureAwait(false);
    }
}

using System.Data.Common;

namespace WorkflowEngine.Storage;

/// <summary>What differs between databases on the hot path.</summary>
public interface IStoreDialect
{
    /// <summary>Locks rows that are read to be changed, of the table named by its alias; empty where one writer exists.</summary>
    string ForUpdateOf(string alias);

    /// <summary>Runs a statement for all rows; returns the number of rows it changed.</summary>
    Task<int> ExecuteAsync(StoreSession session, RowStatement statement, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken);

    /// <summary>Runs a statement that answers rows; their order is not defined.</summary>
    Task QueryAsync(StoreSession session, RowStatement statement, IReadOnlyList<object?[]> rows, Action<DbDataReader> read, CancellationToken cancellationToken);

    /// <summary>
    /// Runs a statement that may travel with those that follow, in their order: at the latest with <see cref="FlushAsync"/>. The same goes for <see cref="ReserveAsync"/>.
    /// </summary>
    /// <param name="session">The session of a transaction.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="read">Told the rows it answers, when it has travelled; null only for one that answers none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many rows it changed; 0 for one that answers rows, and where it has not travelled yet.</returns>
    Task<int> SendAsync(StoreSession session, RowStatement statement, IReadOnlyList<object?[]> rows, Action<DbDataReader>? read, CancellationToken cancellationToken);

    /// <summary>Ids for new rows of a table, ascending; never given twice, also when the transaction fails. They stand in <paramref name="ids"/> after the next <see cref="FlushAsync"/>.</summary>
    Task ReserveAsync(StoreSession session, string table, int count, List<long> ids, CancellationToken cancellationToken);

    /// <summary>Waits for all that was sent.</summary>
    Task FlushAsync(StoreSession session, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Told that the transaction was undone: what was sent in it does not travel any more.</summary>
    void Forget(StoreSession session)
    {
    }

    /// <summary>True when another node was in the way (a race for the same row) and the transaction may be repeated at once.</summary>
    bool IsRace(Exception exception);

    /// <summary>Told of a connection of the hot path, once it is open.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="writes">Whether it is the one that writes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task OpenedAsync(StoreSession session, bool writes, CancellationToken cancellationToken);
}

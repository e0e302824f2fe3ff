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

    /// <summary>Ids for new rows of a table, ascending; never given twice, also when the transaction fails.</summary>
    Task<IReadOnlyList<long>> ReserveIdsAsync(StoreSession session, string table, int count, CancellationToken cancellationToken);

    /// <summary>True when another node was in the way (a race for the same row) and the transaction may be repeated at once.</summary>
    bool IsRace(Exception exception);

    /// <summary>Told of the connection that will write, once it is open.</summary>
    void OpenedForWriting(StoreSession session)
    {
    }
}

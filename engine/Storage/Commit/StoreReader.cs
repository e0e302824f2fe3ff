using System.Data;
using System.Data.Common;

namespace WorkflowEngine.Storage;

/// <summary>An open connection for reading and the statements prepared on it. Used by one caller at a time.</summary>
internal sealed class StoreReader : IAsyncDisposable
{
    private StoreReader(StoreSession session) => Session = session;

    public StoreSession Session { get; }

    public bool IsOpen => Session.Connection.State == ConnectionState.Open;

    /// <summary>The connection is closed with the reader, and at once when the reader cannot be opened.</summary>
    public static async Task<StoreReader> OpenAsync(DbConnection connection, IStoreDialect dialect, CancellationToken cancellationToken)
    {
        try
        {
            var session = new StoreSession(connection);
            await dialect.OpenedAsync(session, writes: false, cancellationToken).ConfigureAwait(false);
            return new StoreReader(session);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync().ConfigureAwait(false);
        await Session.Connection.DisposeAsync().ConfigureAwait(false);
    }
}

using System.Data;
using Microsoft.EntityFrameworkCore;

namespace WorkflowEngine.Storage;

/// <summary>An open connection for reading and the statements prepared on it. Used by one caller at a time.</summary>
internal sealed class StoreReader : IAsyncDisposable
{
    private readonly EngineDbContext _context;

    private StoreReader(EngineDbContext context, StoreSession session) => (_context, Session) = (context, session);

    public StoreSession Session { get; }

    public bool IsOpen => Session.Connection.State == ConnectionState.Open;

    /// <summary>The context is closed with the reader, and at once when it cannot be opened.</summary>
    public static async Task<StoreReader> OpenAsync(EngineDbContext context, IStoreDialect dialect, CancellationToken cancellationToken)
    {
        try
        {
            await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            var session = new StoreSession(context.Database.GetDbConnection());
            await dialect.OpenedAsync(session, writes: false, cancellationToken).ConfigureAwait(false);
            return new StoreReader(context, session);
        }
        catch
        {
            await context.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync().ConfigureAwait(false);
        await _context.DisposeAsync().ConfigureAwait(false);
    }
}

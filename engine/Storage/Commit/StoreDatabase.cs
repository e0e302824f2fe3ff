using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;

namespace WorkflowEngine.Storage;

/// <summary>The one writing connection of this process, and readers beside it.</summary>
internal sealed class StoreDatabase(Func<EngineDbContext> open, Func<CancellationToken, Task<DbConnection>> connect, IStoreDialect dialect) : IAsyncDisposable
{
    private const int RaceRepeats = 4;
    private const int MostIdleReaders = 4;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentStack<StoreReader> _readers = new();
    private StoreSession? _session;
    private volatile bool _closed;

    public IStoreDialect Dialect => dialect;

    /// <summary>A context for reading, or for rare writes inside <see cref="AloneAsync"/>.</summary>
    public EngineDbContext Open() => open();

    /// <summary>A connection of the caller's own.</summary>
    public Task<DbConnection> ConnectAsync(CancellationToken cancellationToken) => connect(cancellationToken);

    /// <summary>One writing transaction at a time; committed when the work ends, undone when it throws. Repeated when another node was in the way.</summary>
    public async Task<T> WriteAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var repeat = 0; ; repeat++)
            {
                try
                {
                    return await TryAsync(work, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception problem) when (repeat < RaceRepeats && dialect.IsRace(problem))
                {
                    // The transaction was undone whole; the repetition sees what the other node committed.
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Runs rare writes of an own context while the writing connection is idle.</summary>
    public async Task AloneAsync(Func<EngineDbContext, Task> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await using var context = open();
            await work(context).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Reads with statements of the hot path, on a connection of its own. A few stay open: opening one costs more than most reads. One that failed is closed.
    /// </summary>
    public async Task<T> ReadAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken)
    {
        if (!_readers.TryPop(out var reader)) reader = await StoreReader.OpenAsync(await connect(cancellationToken).ConfigureAwait(false), dialect, cancellationToken).ConfigureAwait(false);
        var kept = false;
        try
        {
            var result = await work(reader.Session).ConfigureAwait(false);
            if (_readers.Count < MostIdleReaders && !_closed && reader.IsOpen)
            {
                _readers.Push(reader);
                kept = true;
            }

            return result;
        }
        finally
        {
            if (!kept) await reader.DisposeAsync().ConfigureAwait(false);
            else if (_closed) await CloseReadersAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        _closed = true;
        await ForgetAsync().ConfigureAwait(false);
        await CloseReadersAsync().ConfigureAwait(false);
        _gate.Release();
    }

    private async Task<T> TryAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        var session = await SessionAsync(cancellationToken).ConfigureAwait(false);
        DbTransaction? transaction = null;
        try
        {
            transaction = await session.Connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            session.Transaction = transaction;
            var result = await work(session).ConfigureAwait(false);

            await dialect.FlushAsync(session, cancellationToken).ConfigureAwait(false);

            // From here on the caller's wish to stop comes too late: half a commit is none.
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            await transaction.DisposeAsync().ConfigureAwait(false);
            session.Transaction = null;
            return result;
        }
        catch
        {
            // A failed connection cannot be trusted to be clean; the next transaction opens another one, and closing undoes this one.
            session.Transaction = null;
            dialect.Forget(session);
            await UndoAsync(transaction).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<StoreSession> SessionAsync(CancellationToken cancellationToken)
    {
        if (_session is not null && _session.Connection.State == ConnectionState.Open) return _session;
        await ForgetAsync().ConfigureAwait(false);
        var session = new StoreSession(await connect(cancellationToken).ConfigureAwait(false));
        try
        {
            await dialect.OpenedAsync(session, writes: true, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await CloseAsync(session).ConfigureAwait(false);
            throw;
        }

        return _session = session;
    }

    private async Task CloseReadersAsync()
    {
        while (_readers.TryPop(out var reader)) await reader.DisposeAsync().ConfigureAwait(false);
    }

    private async Task UndoAsync(DbTransaction? transaction)
    {
        try
        {
            if (transaction is not null)
            {
                await transaction.RollbackAsync(CancellationToken.None).ConfigureAwait(false);
                await transaction.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception problem) when (problem is DbException or InvalidOperationException)
        {
            await ForgetAsync().ConfigureAwait(false);
        }
    }

    private async Task ForgetAsync()
    {
        if (_session is { } session) await CloseAsync(session).ConfigureAwait(false);
        _session = null;
    }

    private static async Task CloseAsync(StoreSession session)
    {
        await session.DisposeAsync().ConfigureAwait(false);
        await session.Connection.DisposeAsync().ConfigureAwait(false);
    }
}

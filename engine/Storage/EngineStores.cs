using System.Data.Common;
using System.Security.Cryptography;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

/// <summary>All stores of one database, opened. Disposing is the clean end: events still claimed then do not count a death.</summary>
public sealed class EngineStores : IAsyncDisposable
{
    private readonly StoreDatabase _database;
    private readonly WorkspaceKeys _keys;
    private readonly IAsyncDisposable? _hold;
    private readonly long _owner;
    private readonly StoreWriter _writer;
    private readonly Func<StoreSession, CancellationToken, Task<long?>>? _free;
    private int _disposed;

    private EngineStores(StoreDatabase database, WorkspaceKeys keys, IAsyncDisposable? hold, Func<StoreSession, CancellationToken, Task<long?>>? free)
    {
        (_database, _keys, _hold, _free) = (database, keys, hold, free);
        _owner = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        _writer = new StoreWriter(database, keys, _owner);
        Leases = new LeaseStore(database);
        Inbox = new InboxStore(database, keys);
        Links = new LinkStore(database);
        KeyStates = new KeyStateStore(database, keys);
        Cursors = new CursorStore(database);
        Runs = new RunStore(database);
        DeadLetters = new DeadLetterStore(database, keys);
        Incidents = new IncidentStore(database);
        Reviews = new ReviewStore(database, keys);
        Backfills = new BackfillStore(database);
        BulkJobs = new BulkJobStore(database);
        History = new HistoryStore(database);
        Deployments = new DeploymentStore(database);
        Drafts = new DraftStore(database);
        Templates = new TemplateStore(database);
        Connections = new ConnectionStore(database, keys);
        DeploymentVersions = new DeploymentVersionStore(database);
        HookTokens = new HookTokenStore(database);
        AccessKeys = new AccessKeyStore(database);
        Audit = new AuditStore(database);
    }

    public IStoreWriter Writer => _writer;

    /// <summary>Leases of lanes, where several nodes share the database (PostgreSQL).</summary>
    public LeaseStore Leases { get; }

    public IInboxStore Inbox { get; }

    public ILinkStore Links { get; }

    public IKeyStateStore KeyStates { get; }

    public ICursorStore Cursors { get; }

    public IRunStore Runs { get; }

    public IDeadLetterStore DeadLetters { get; }

    public IIncidentStore Incidents { get; }

    public IReviewStore Reviews { get; }

    public IBackfillStore Backfills { get; }

    public IBulkJobStore BulkJobs { get; }

    public IHistoryStore History { get; }

    public IDeploymentStore Deployments { get; }

    public DraftStore Drafts { get; }

    public TemplateStore Templates { get; }

    public ConnectionStore Connections { get; }

    public DeploymentVersionStore DeploymentVersions { get; }

    public HookTokenStore HookTokens { get; }

    public AccessKeyStore AccessKeys { get; }

    public AuditStore Audit { get; }

    /// <summary>From now on a commit of a lane must carry the token of its lease.</summary>
    public void FenceBy(IOwnership ownership) => _writer.Fence = new Fence(ownership);

    /// <summary>Bytes the database can still grow by; null = not known.</summary>
    public Task<long?> FreeBytesAsync(CancellationToken cancellationToken) =>
        _free is null ? Task.FromResult<long?>(null) : _database.ReadAsync(session => _free(session, cancellationToken), cancellationToken);

    /// <summary>Opens the stores over a migrated database. Called by the databases' own rooms.</summary>
    /// <param name="open">Makes a context, for what is asked or told rarely.</param>
    /// <param name="connect">Opens a connection.</param>
    /// <param name="dialect">The database's way with the hot path.</param>
    /// <param name="masterKey">32 bytes.</param>
    /// <param name="hold">What keeps other processes out, released at the end; null = nothing.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="free">Tells how many bytes the database can still grow by; null = nobody knows.</param>
    public static async Task<EngineStores> OpenAsync(
        Func<EngineDbContext> open, Func<CancellationToken, Task<DbConnection>> connect, IStoreDialect dialect, byte[] masterKey, IAsyncDisposable? hold, CancellationToken cancellationToken,
        Func<StoreSession, CancellationToken, Task<long?>>? free = null)
    {
        var database = new StoreDatabase(open, connect, dialect);
        var keys = new WorkspaceKeys(masterKey, dialect);
        await database.WriteAsync(
            async session =>
            {
                await keys.ProveAsync(session, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return new EngineStores(database, keys, hold, free);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        try
        {
            await _database.WriteAsync(
                session => _database.Dialect.ExecuteAsync(session, EventStatements.Unclaim, [[_owner]], CancellationToken.None), CancellationToken.None).ConfigureAwait(false);
        }
        catch (DbException)
        {
            // The database is gone; an orderly end does not need it, at worst a death is counted too much.
        }
        finally
        {
            await _database.DisposeAsync().ConfigureAwait(false);
            _keys.Dispose();
            if (_hold is not null) await _hold.DisposeAsync().ConfigureAwait(false);
        }
    }
}

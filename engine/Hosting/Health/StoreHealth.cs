using System.Data.Common;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Hosting;

/// <summary>Whether the database answers and takes more. Anybody may ask for it, so it looks at most once a second.</summary>
public sealed class StoreHealth(FlowHost host) : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _looking = new(1, 1);
    private DateTimeOffset _at = DateTimeOffset.MinValue;
    private IReadOnlyList<string> _wrong = [];

    /// <summary>One sentence for each thing that is wrong.</summary>
    public async Task<IReadOnlyList<string>> WrongAsync(CancellationToken cancellationToken)
    {
        if (host.Time.GetUtcNow() - _at < Again || !await _looking.WaitAsync(_at == DateTimeOffset.MinValue ? Patience : TimeSpan.Zero, cancellationToken).ConfigureAwait(false)) return _wrong;
        try
        {
            _wrong = await LookAsync(cancellationToken).ConfigureAwait(false);
            _at = host.Time.GetUtcNow();
            return _wrong;
        }
        finally
        {
            _looking.Release();
        }
    }

    public void Dispose() => _looking.Dispose();

    private async Task<IReadOnlyList<string>> LookAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await host.View.Inbox.CountAsync(limit.Token).WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
            return await host.Runtime.SheddingAsync(limit.Token).ConfigureAwait(false) is { } shed ? [$"Nothing more is accepted: {shed.Reason}"] : [];
        }
        catch (Exception e) when ((e is DbException or StorageProblemException or TimeoutException or IOException or InvalidOperationException or OperationCanceledException) && !cancellationToken.IsCancellationRequested)
        {
            // The words of a driver name hosts and users; whoever may see them finds them in the log of what could not be stored.
            return ["The database does not answer; look at the database and the disk."];
        }
    }
}

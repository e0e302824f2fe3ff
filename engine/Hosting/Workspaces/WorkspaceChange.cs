namespace WorkflowEngine.Hosting;

/// <summary>The right to change a workspace, given back when it is disposed.</summary>
internal sealed class WorkspaceChange(SemaphoreSlim changing, IAsyncDisposable? alone) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (alone is not null) await alone.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            changing.Release();
        }
    }
}

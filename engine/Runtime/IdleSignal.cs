namespace WorkflowEngine.Runtime;

/// <summary>Tells who waits for the node to be idle that something changed; costs nothing while nobody waits.</summary>
internal sealed class IdleSignal
{
    private volatile TaskCompletionSource? _waiting;

    public void Changed() => _waiting?.TrySetResult();

    /// <summary>Ends when the condition holds; asked after every change.</summary>
    public async Task WaitAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting = next;
            if (holds()) return;
            await next.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}

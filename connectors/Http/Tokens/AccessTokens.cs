using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Keeps one token: fetched by one request however many calls wait for it, renewed before it ends.</summary>
public sealed class AccessTokens : IDisposable
{
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(60);
    private readonly TimeProvider _time;
    private readonly SecretScrubber _scrubber;
    private readonly HttpClient _client;
    private readonly Func<CallPriority, CancellationToken, Task<Outcome<AccessToken>>> _fetch;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private AccessToken? _current;
    private DateTimeOffset _renewAt;
    private Task<Outcome<AccessToken>>? _pending;

    internal AccessTokens(TimeProvider time, SecretScrubber scrubber, HttpClient client, Func<CallPriority, CancellationToken, Task<Outcome<AccessToken>>> fetch)
    {
        _time = time;
        _scrubber = scrubber;
        _client = client;
        _fetch = fetch;
    }

    /// <summary>The token, fetched when there is none or it ends soon.</summary>
    public async Task<Outcome<AccessToken>> GetAsync(CallPriority priority, CancellationToken cancellationToken)
    {
        Task<Outcome<AccessToken>> pending;
        lock (_lock)
        {
            if (_current is { } good && _time.GetUtcNow() < _renewAt) return good;
            // One asker's cancelling must not fail the others: the request itself runs on the connection's own token.
            pending = _pending ??= FetchAsync(priority);
        }

        return await pending.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The vendor refused this token: it is not used again. A newer one stays.</summary>
    public void Refuse(AccessToken token)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_current, token)) _current = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closing.Cancel();
        _client.Dispose();
    }

    private async Task<Outcome<AccessToken>> FetchAsync(CallPriority priority)
    {
        // Leaves the lock before anything else runs.
        await Task.Yield();
        try
        {
            var asked = _time.GetUtcNow();
            var outcome = await _fetch(priority, _closing.Token).ConfigureAwait(false);
            lock (_lock)
            {
                _pending = null;
                if (outcome.Succeeded)
                {
                    foreach (var name in (string[])["refresh_token", "id_token"])
                    {
                        if (outcome.Value.Properties.GetValueOrDefault(name) is { } beside) _scrubber.AddToken(beside);
                    }

                    _scrubber.AddToken(outcome.Value.Value);
                    _current = outcome.Value;
                    _renewAt = outcome.Value.Lifetime is { } lifetime ? asked + lifetime - Least(Early, lifetime / 5) : DateTimeOffset.MaxValue;
                }
            }

            // Whatever happened to the token request, the call that needed it has not left.
            return outcome.Error is { } error ? error with { NotExecuted = true } : outcome;
        }
        catch (OperationCanceledException)
        {
            lock (_lock) _pending = null;
            return new OperationError(ErrorKind.Transient, "closed", "The connection was closed.") { NotExecuted = true };
        }
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

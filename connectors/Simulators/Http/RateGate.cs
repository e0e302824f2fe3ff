namespace WorkflowEngine.Simulators.Http;

/// <summary>A token bucket on the simulator's clock: one second's worth of calls may come at once.</summary>
internal sealed class RateGate(int perSecond, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private double _tokens = perSecond;
    private DateTimeOffset _filledAt = clock.GetUtcNow();

    /// <summary>Takes one call. False: the wait until the next one, in whole seconds.</summary>
    public bool TryTake(out int waitSeconds)
    {
        waitSeconds = 0;
        if (perSecond <= 0)
        {
            return true;
        }

        lock (_gate)
        {
            var now = clock.GetUtcNow();
            _tokens = Math.Min(perSecond, _tokens + (Math.Max(0, (now - _filledAt).TotalSeconds) * perSecond));
            _filledAt = now;
            if (_tokens >= 1)
            {
                _tokens--;
                return true;
            }

            waitSeconds = Math.Max(1, (int)Math.Ceiling((1 - _tokens) / perSecond));
            return false;
        }
    }
}

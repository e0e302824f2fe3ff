namespace WorkflowEngine.Simulators.Salesforce;

/// <summary>Calls of the last 24 hours, by the minute.</summary>
internal sealed class ApiUsage(int limit, TimeProvider clock)
{
    private readonly Queue<(long Minute, int Count)> _minutes = new();
    private (long Minute, int Count) _current;
    private int _sum;

    public int Limit => limit;

    public int Used
    {
        get
        {
            RollOver();
            return _sum + _current.Count;
        }
    }

    /// <summary>False when the limit was reached before this call.</summary>
    public bool Count()
    {
        if (Used >= limit)
        {
            return false;
        }

        _current.Count++;
        return true;
    }

    public void Clear()
    {
        _minutes.Clear();
        (_current, _sum) = (default, 0);
    }

    private void RollOver()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (_current.Minute != now)
        {
            if (_current.Count > 0)
            {
                _minutes.Enqueue(_current);
                _sum += _current.Count;
            }

            _current = (now, 0);
        }

        while (_minutes.Count > 0 && _minutes.Peek().Minute <= now - (24 * 60))
        {
            _sum -= _minutes.Dequeue().Count;
        }
    }
}

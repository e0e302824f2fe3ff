namespace WorkflowEngine.Runtime;

/// <summary>More than 5 writing runs of one key in 10 minutes, each after our own write to its record, are a loop: the key waits and an incident opens.</summary>
internal sealed class EchoBreaker(TimeProvider time)
{
    private const int MostRuns = 5;
    private const int MostKeys = 50_000;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<EventKey, List<DateTimeOffset>> _writes = [];

    /// <summary>How long the key stands still when it is caught in a loop.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromHours(1);

    /// <summary>The fingerprint of the incident of a key; it is over when a run of the key may begin again.</summary>
    public static string IncidentOf(EventKey key) => "loop:" + key.Key;

    /// <summary>A run of the key wrote to the record that started it.</summary>
    public void Wrote(EventKey key)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_writes.Count > MostKeys) _writes.Clear();
            if (!_writes.TryGetValue(key, out var times)) _writes[key] = times = [];
            times.RemoveAll(t => now - t > Within);
            times.Add(now);
        }
    }

    /// <summary>True when the key may not run now.</summary>
    public bool IsLooping(EventKey key)
    {
        lock (_gate)
        {
            if (_writes.Count == 0 || !_writes.TryGetValue(key, out var times)) return false;
            var now = time.GetUtcNow();
            times.RemoveAll(t => now - t > Within);
            if (times.Count == 0) _writes.Remove(key);
            return times.Count > MostRuns;
        }
    }
}

using System.Collections.Concurrent;

namespace WorkflowEngine.Api;

/// <summary>
/// A bucket per credential: it fills by the rate and holds the burst. Its clock is the engine's, which the limiters of the framework cannot take.
/// </summary>
internal sealed class RateGate(double rate, int burst, TimeProvider time)
{
    private const int MostBuckets = 50_000;

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>Null when a request may pass, else how long to wait.</summary>
    /// <param name="who">Whose bucket.</param>
    /// <param name="take">False: only looked at.</param>
    public TimeSpan? Enter(string who, bool take = true)
    {
        // A full bucket is the same as none, so forgetting all of them only forgives.
        if (_buckets.Count >= MostBuckets) _buckets.Clear();
        var bucket = _buckets.GetOrAdd(who, static (_, start) => new Bucket { Tokens = start.burst, At = start.now }, (burst: (double)burst, now: time.GetTimestamp()));
        lock (bucket)
        {
            var now = time.GetTimestamp();
            bucket.Tokens = Math.Min(burst, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalSeconds * rate));
            bucket.At = now;
            if (bucket.Tokens < 1) return TimeSpan.FromSeconds((1 - bucket.Tokens) / rate);
            if (take) bucket.Tokens--;
            return null;
        }
    }

    private sealed class Bucket
    {
        public double Tokens { get; set; }

        public long At { get; set; }
    }
}

namespace WorkflowEngine.Runtime;

/// <summary>50 dead letters of one fingerprint and over 80 % of the runs within a minute are no matter of records: the deployment is paused.</summary>
internal sealed class StormBreaker(TimeProvider time)
{
    /// <summary>How the fingerprint of the incident begins: the dead letters' own follows. It is over when a person lets the deployment go on.</summary>
    public const string Incident = "storm:";

    private const int Letters = 50;
    private const double Share = 0.8;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<DeploymentRef, Minute> _minutes = [];

    public void Ended(DeploymentRef deployment)
    {
        lock (_gate) Of(deployment).Add(null);
    }

    /// <summary>True when this dead letter is the one too many.</summary>
    public bool Failed(DeploymentRef deployment, string fingerprint)
    {
        lock (_gate)
        {
            var minute = Of(deployment);
            var letters = minute.Add(fingerprint);
            if (letters < Letters || letters <= Share * minute.Runs) return false;
            _minutes.Remove(deployment);
            return true;
        }
    }

    private Minute Of(DeploymentRef deployment)
    {
        if (!_minutes.TryGetValue(deployment, out var minute)) _minutes[deployment] = minute = new Minute();
        minute.Leave(time.GetUtcNow());
        return minute;
    }

    /// <summary>What ended within the last minute, second by second: a window that begins anew each minute would miss what lies over its edge.</summary>
    private sealed class Minute
    {
        private readonly Queue<Second> _seconds = new();
        private readonly Dictionary<string, int> _letters = [];
        private Second _now = new(default);

        public int Runs { get; private set; }

        public void Leave(DateTimeOffset now)
        {
            var second = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
            while (_seconds.TryPeek(out var oldest) && second - oldest.Begin >= Within)
            {
                _seconds.Dequeue();
                Runs -= oldest.Runs;
                foreach (var (fingerprint, count) in oldest.Letters)
                {
                    if ((_letters[fingerprint] -= count) == 0) _letters.Remove(fingerprint);
                }
            }

            if (_seconds.Count == 0 || _now.Begin != second) _seconds.Enqueue(_now = new Second(second));
        }

        /// <returns>How many letters of the fingerprint there are; 0 for a run that went well.</returns>
        public int Add(string? fingerprint)
        {
            Runs++;
            _now.Runs++;
            if (fingerprint is null) return 0;
            _now.Letters[fingerprint] = _now.Letters.GetValueOrDefault(fingerprint) + 1;
            return _letters[fingerprint] = _letters.GetValueOrDefault(fingerprint) + 1;
        }
    }

    private sealed class Second(DateTimeOffset begin)
    {
        public DateTimeOffset Begin { get; } = begin;

        public int Runs { get; set; }

        public Dictionary<string, int> Letters { get; } = [];
    }
}
